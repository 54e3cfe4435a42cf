"""Demo models: pictures painted by our own code, for a newcomer without any API key."""

from core.imaging.demo.grid import grid
from core.imaging.demo.landscape import landscape
from core.imaging.demo.subject import subject

__all__ = ["grid", "landscape", "subject"]

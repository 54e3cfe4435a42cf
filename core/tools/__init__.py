"""Free work on images, run as jobs: one file for each tool."""

from core.tools.handler import Tools
from core.tools.kit import Kit
from core.tools.sources import SourcesOfAll

__all__ = ["Kit", "SourcesOfAll", "Tools"]

"""Pure: flags out of a prompt; a request and a model's card into the order really sent."""

from core.params.fit import fit
from core.params.flags import Written, read_prompt

__all__ = ["Written", "fit", "read_prompt"]

"""Pure: flags out of a prompt; a request and a model's card into the order really sent."""

from core.params.fit import fit
from core.params.flags import Written, read_prompt
from core.params.lists import last_of, read_list, set_name

__all__ = ["Written", "fit", "last_of", "read_list", "read_prompt", "set_name"]

from dataclasses import dataclass

from core.models.attempt import Attempt
from core.models.image import Image
from core.models.job import Comparison
from core.models.tool import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A kept image and where it comes from.

    `comparison` and `attempt` stand at the very beginning of the line that it was derived in;
    they are None where that was a picture that somebody brought. `outcome` and `position` say
    which of the things this image is that a tool made of one source.
    """

    image: Image
    position: int = 0
    outcome: Outcome | None = None
    comparison: Comparison | None = None
    attempt: Attempt | None = None

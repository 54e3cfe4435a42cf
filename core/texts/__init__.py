"""Words before pictures, pure: what must stay, what a text model is told, what its answer is."""

from core.texts.answers import NotAPrompt, prompt_of
from core.texts.blocklist import find_blocked
from core.texts.languages import is_language, is_written_in
from core.texts.masks import Altered, Masked, mask
from core.texts.wording import instructions, question

__all__ = [
    "Altered",
    "Masked",
    "NotAPrompt",
    "find_blocked",
    "instructions",
    "is_language",
    "is_written_in",
    "mask",
    "prompt_of",
    "question",
]

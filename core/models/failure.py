from dataclasses import dataclass
from enum import StrEnum


class FailureKind(StrEnum):
    """Why a paid call brought nothing; the words that `--json` prints."""

    BAD_KEY = "bad_key"
    NO_KEY = "no_key"
    NO_CREDIT = "no_credit"
    RATE_LIMITED = "rate_limited"
    REFUSED = "refused"
    BAD_REQUEST = "bad_request"
    NOT_FOUND = "not_found"
    PROVIDER_DOWN = "provider_down"
    TIMEOUT = "timeout"
    EMPTY = "empty"
    GARBAGE = "garbage"
    TOO_LARGE = "too_large"
    NO_SPACE = "no_space"
    ALTERED = "altered"  # a text model touched what has to stay
    NOT_A_PROMPT = "not_a_prompt"  # it refused, or talked of something else
    BLOCKED = "blocked"
    INTERRUPTED = "interrupted"
    CANCELLED = "cancelled"


# What only a text model can do wrong.
OF_TEXTS = frozenset({FailureKind.ALTERED, FailureKind.NOT_A_PROMPT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A failed call, as a value. `retry_after` in seconds, when the provider named it.

    `fake_ip`: blocked because a local proxy answers every name from a private range.
    """

    kind: FailureKind
    retry_after: float | None = None
    fake_ip: bool = False


class CallFailed(Exception):
    """Raised for one paid call; whoever made it turns it into a failure in its row."""

    def __init__(
        self, kind: FailureKind, *, retry_after: float | None = None, fake_ip: bool = False
    ) -> None:
        super().__init__(kind.value)
        self.failure = Failure(kind=kind, retry_after=retry_after, fake_ip=fake_ip)

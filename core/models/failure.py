from dataclasses import dataclass
from enum import StrEnum


class FailureKind(StrEnum):
    """Why an attempt brought no picture; the words that `--json` prints."""

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
    BLOCKED = "blocked"
    INTERRUPTED = "interrupted"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A failed attempt, as a value. `retry_after` in seconds, when the provider named it.

    `fake_ip`: blocked because a local proxy answers every name from a private range.
    """

    kind: FailureKind
    retry_after: float | None = None
    fake_ip: bool = False


class PaintFailed(Exception):
    """Raised by an `ImageModel`; the fan-out turns it into the attempt's failure."""

    def __init__(
        self, kind: FailureKind, *, retry_after: float | None = None, fake_ip: bool = False
    ) -> None:
        super().__init__(kind.value)
        self.failure = Failure(kind=kind, retry_after=retry_after, fake_ip=fake_ip)

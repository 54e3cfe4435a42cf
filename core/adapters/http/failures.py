"""What went wrong with a call, by status and words: "no credit" and "refused" wear many coats."""

import math
import re
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

import httpx

from core.adapters.http.addresses import AddressRefused
from core.adapters.http.calls import OneCall, SecondCall
from core.adapters.http.download import TooLarge, Unfetchable
from core.models.failure import CallFailed, FailureKind

_REFUSED = re.compile(
    rb"moderation|content[ _]policy|safety|content[ _]filter|nsfw|flagged|sensitive", re.IGNORECASE
)
_NO_CREDIT = re.compile(
    rb"insufficient[_ ](quota|balance|credit|fund)|billing[_ ](hard[_ ]limit|not[_ ]active)"
    rb"|exhausted balance|out of credit|arrearage",
    re.IGNORECASE,
)
# Said of a mere rate limit as well: "add a payment method to increase your rate limit".
_MONEY = re.compile(rb"billing|payment", re.IGNORECASE)
_NO_MODEL = re.compile(
    rb"model_not_found|model[^\"]{0,80}(does not exist|not found)|unknown model", re.IGNORECASE
)
_BAD_KEY = re.compile(
    rb"api[_ ]?key[^\"]{0,40}(invalid|incorrect|not valid)|invalid[_ ]api[_ ]?key"
    rb"|incorrect api key",
    re.IGNORECASE,
)
_LONGEST = 30 * 86_400.0  # seconds; neither infinity nor "not a number" is below it
_BY_STATUS = {
    401: FailureKind.BAD_KEY,
    402: FailureKind.NO_CREDIT,
    404: FailureKind.NOT_FOUND,
    408: FailureKind.TIMEOUT,
    413: FailureKind.BAD_REQUEST,
}


def of_reply(call: OneCall) -> CallFailed:
    """A reply whose status is no success."""
    kind = _kind(call.status or 0, call.body[:65_536])
    waits = kind is FailureKind.RATE_LIMITED
    return CallFailed(kind, retry_after=_retry_after(call.headers) if waits else None)


def of_error(error: BaseException, *, sent: bool) -> CallFailed | None:
    """What httpx or the guard raised, looked for behind whatever a library made of it.

    After sending, an answer that is lost may have been paid: `interrupted`, never a resend.
    """
    for cause in _causes(error):
        if isinstance(cause, AddressRefused):
            return CallFailed(FailureKind.BLOCKED, fake_ip=cause.fake_ip)
        if kind := _kind_of_error(cause, sent=sent):
            return CallFailed(kind)
    return None


def _kind_of_error(error: BaseException, *, sent: bool) -> FailureKind | None:
    match error:
        case TooLarge():
            return FailureKind.TOO_LARGE
        case Unfetchable() | SecondCall() | httpx.InvalidURL() | httpx.UnsupportedProtocol():
            return FailureKind.GARBAGE
        case httpx.ConnectError() | httpx.ConnectTimeout() | httpx.ProxyError():
            return FailureKind.PROVIDER_DOWN
        case httpx.TransportError():
            return FailureKind.INTERRUPTED if sent else FailureKind.PROVIDER_DOWN
        case _:
            return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Itself, then whatever lies behind or in it, each once."""
    left, seen = [error], set[int]()
    while left:
        error = left.pop()
        if error is None or id(error) in seen:
            continue
        seen.add(id(error))
        yield error
        left += [error.__context__, error.__cause__]
        if isinstance(error, BaseExceptionGroup):
            left += error.exceptions


def _kind(status: int, body: bytes) -> FailureKind:
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if 300 <= status < 400:  # noqa: PLR2004 - a redirect of a paid call is never followed
        return FailureKind.BLOCKED
    if status == 403:  # noqa: PLR2004
        return _worded(body) or FailureKind.BAD_KEY
    if status == 429:  # noqa: PLR2004
        no_credit = _NO_CREDIT.search(body)
        return FailureKind.NO_CREDIT if no_credit else FailureKind.RATE_LIMITED
    if status >= 500:  # noqa: PLR2004
        return FailureKind.PROVIDER_DOWN
    return _worded(body) or FailureKind.BAD_REQUEST


def _worded(body: bytes) -> FailureKind | None:
    for pattern, kind in (
        (_BAD_KEY, FailureKind.BAD_KEY),
        (_NO_CREDIT, FailureKind.NO_CREDIT),
        (_MONEY, FailureKind.NO_CREDIT),
        (_NO_MODEL, FailureKind.NOT_FOUND),
        (_REFUSED, FailureKind.REFUSED),
    ):
        if pattern.search(body):
            return kind
    return None


def _retry_after(headers: httpx.Headers) -> float | None:
    """Seconds, or a date; what is neither, or beyond reason, says nothing."""
    text = headers.get("retry-after", "")
    try:
        seconds = float(text)
    except ValueError:
        seconds = _until(text)
    return max(0.0, seconds) if seconds < _LONGEST else None


def _until(date: str) -> float:
    try:
        return parsedate_to_datetime(date).timestamp() - time.time()
    except (ValueError, OverflowError):
        return math.nan

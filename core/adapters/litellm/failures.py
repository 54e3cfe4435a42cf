import httpx

from core.adapters.http import OneCall, of_error, of_reply
from core.models.failure import CallFailed, FailureKind


def failure_of(error: Exception, call: OneCall) -> CallFailed:
    """Why a call through LiteLLM brought nothing, by what the line itself has seen of it."""
    if call.status is not None and not httpx.codes.is_success(call.status):
        return of_reply(call)
    failure = of_error(error, sent=call.sent)
    if failure:
        return failure
    return CallFailed(FailureKind.GARBAGE if call.sent else FailureKind.BAD_REQUEST)

"""How OpenAI says no to a chat completion, where it says it otherwise than for images."""

from collections.abc import Mapping
from typing import Final

from tests.servers import refusals
from tests.servers.refusals import said
from tests.servers.wire import Reply

_OWN: Final[Mapping[str, Reply]] = {
    "400": said(
        400,
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
        "'max_completion_tokens' instead.",
        code="unsupported_parameter",
        param="max_tokens",
    ),
    "403": said(
        403,
        "You have insufficient permissions for this operation. Missing scopes: model.request. "
        "Check that you have the correct role in your organization.",
        code="missing_scope",
    ),
    "422": said(
        422,
        "Invalid type for 'messages': expected an array of objects, but got a string instead.",
        code="invalid_type",
        param="messages",
    ),
    "429": said(
        429,
        "Rate limit reached for MODEL in organization org-test on requests per min (RPM): "
        "Limit 3, Used 3, Requested 1. Please try again in 7s. Visit "
        "https://platform.openai.com/account/rate-limits to learn more.",
        kind="requests",
        code="rate_limit_exceeded",
        headers={
            "retry-after": "7",
            "x-ratelimit-limit-requests": "3",
            "x-ratelimit-remaining-requests": "0",
            "x-ratelimit-reset-requests": "7s",
        },
    ),
    "policy": said(  # as Azure says it
        400,
        "The response was filtered due to the prompt triggering Azure OpenAI's content "
        "management policy. Please modify your prompt and retry.",
        kind=None,
        code="content_filter",
        param="prompt",
    ),
    "flagged": said(
        400,
        "Invalid prompt: your prompt was flagged as potentially violating our usage policy. "
        "Please try again with a different prompt.",
        code="invalid_prompt",
    ),
}
REFUSALS: Final = {**refusals.REFUSALS, **_OWN}


def refusal(name: str, model: str) -> Reply:
    return refusals.refusal(name, model, REFUSALS)

"""How OpenAI says no."""

import json
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from tests.servers.wire import Reply

# of POST /images/generations for the GPT image models, November 2026
KNOWN_FIELDS: Final = frozenset(
    {"model", "prompt", "n", "size", "quality", "background", "moderation", "complexity", "user"}
    | {"output_format", "output_compression", "stream", "partial_images", "safety_identifier"}
    | {"frame_count", "frame_duration_ms", "svg"}
)

_OURS: Final = "invalid_request_error"
_THEIRS: Final = "server_error"


def said(
    status: int,
    message: str,
    *,
    kind: str | None = _OURS,
    code: str | None = None,
    param: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    error = {"message": message, "type": kind, "param": param, "code": code}
    return Reply(
        status=status, body=json.dumps({"error": error}, indent=2).encode(), headers=headers or {}
    )


def unknown_model(model: str) -> Reply:
    return refusal("404", model)


def unknown_path(method: str, path: str) -> Reply:
    return said(404, f"Invalid URL ({method} {path})")


def no_key() -> Reply:
    return said(
        401,
        "You didn't provide an API key. You need to provide your API key in an Authorization "
        "header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY). You can obtain an API "
        "key from https://platform.openai.com/account/api-keys.",
    )


def bad_key(key: str) -> Reply:
    """The real one shows both ends of the key as well."""
    return said(
        401,
        f"Incorrect API key provided: {key[:8]}{'*' * 12}{key[-4:]}. You can find your API key "
        "at https://platform.openai.com/account/api-keys.",
        code="invalid_api_key",
    )


def bad_body(body: dict[str, Any] | None, *, strict: bool) -> Reply | None:
    if body is None:
        return said(400, "We could not parse the JSON body of your request.")
    if not body.get("prompt"):
        return said(
            400,
            "Missing required parameter: 'prompt'.",
            code="missing_required_parameter",
            param="prompt",
        )
    if not isinstance(body.get("n", 1), int | None):
        return said(400, "Invalid type for 'n'.", code="invalid_type", param="n")
    for name in sorted(body.keys() - KNOWN_FIELDS) if strict else ():
        return said(400, f"Unknown parameter: '{name}'.", code="unknown_parameter", param=name)
    return None


def refusal(name: str, model: str, known: Mapping[str, Reply] | None = None) -> Reply:
    """A refusal by its name, or by its status; of the images API when none other is given."""
    known = REFUSALS if known is None else known
    if name in known:
        reply = known[name]
        return replace(reply, body=reply.body.replace(b"MODEL", json.dumps(model)[1:-1].encode()))
    status = int(name)
    kind = _OURS if status < HTTPStatus.INTERNAL_SERVER_ERROR else _THEIRS
    return said(status, f"The request failed with status {status}.", kind=kind)


REFUSALS: Final[Mapping[str, Reply]] = {
    "400": said(
        400,
        "Invalid size '5x5'. Supported sizes are 1024x1024, 1024x1536, 1536x1024, and auto.",
        code="invalid_value",
        param="size",
    ),
    "401": said(
        401,
        "Incorrect API key provided: sk-proj-************cdef. You can find your API key at "
        "https://platform.openai.com/account/api-keys.",
        code="invalid_api_key",
    ),
    "402": said(
        402,
        "Insufficient credits. Add more to your account and try again.",
        kind="insufficient_credits",
        code="payment_required",
    ),
    "403": said(
        403,
        "You have insufficient permissions for this operation. Missing scopes: "
        "api.model.images.request. Check that you have the correct role in your organization.",
        code="missing_scope",
    ),
    "404": said(
        404,
        "The model `MODEL` does not exist or you do not have access to it.",
        code="model_not_found",
    ),
    "422": said(
        422,
        "Invalid type for 'n': expected an integer, but got a string instead.",
        code="invalid_type",
        param="n",
    ),
    "429": said(
        429,
        "Rate limit reached for MODEL in organization org-test on input-images per min: "
        "Limit 5, Used 5, Requested 1. Please try again in 7s. Visit "
        "https://platform.openai.com/account/rate-limits to learn more.",
        kind="input-images",
        code="rate_limit_exceeded",
        headers={
            "retry-after": "7",
            "x-ratelimit-limit-requests": "5",
            "x-ratelimit-remaining-requests": "0",
            "x-ratelimit-reset-requests": "7s",
        },
    ),
    "500": said(
        500,
        "The server had an error while processing your request. Sorry about that! You can retry "
        "your request, or contact us through our help center at help.openai.com if the error "
        "persists.",
        kind=_THEIRS,
    ),
    "503": said(
        503,
        "The engine is currently overloaded, please try again later",
        kind="service_unavailable_error",
    ),
    "no-credit": said(
        429,
        "You exceeded your current quota, please check your plan and billing details. For more "
        "information on this error, read the docs: "
        "https://platform.openai.com/docs/guides/error-codes/api-errors.",
        kind="insufficient_quota",
        code="insufficient_quota",
    ),
    "moderated": said(
        400,
        "Your request was rejected by the safety system. If you believe this is an error, "
        "contact us at help.openai.com and include the request ID req_test. "
        "safety_violations=[violence].",
        kind="image_generation_user_error",
        code="moderation_blocked",
    ),
    "policy": said(
        400,
        "Your request was rejected as a result of our safety system. Your prompt may contain "
        "text that is not allowed by our safety system.",
        code="content_policy_violation",
    ),
    "unverified": said(
        403,
        "Your organization must be verified to use the model `MODEL`. Please go to: "
        "https://platform.openai.com/settings/organization/general and click on Verify "
        "Organization. If you just verified, it can take up to 15 minutes for access to "
        "propagate.",
    ),
}

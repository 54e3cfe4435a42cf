"""What Discord says when it refuses: HTTP status, its own code, its words."""

from typing import Any, Final

_FORM: Final = 50035


class Refused(Exception):
    """An answer that is no success. `ours`: the client broke a rule that it could have known."""

    def __init__(  # noqa: PLR0913 - the fields of an answer
        self,
        status: int,
        code: int,
        message: str,
        *,
        errors: dict[str, Any] | None = None,
        ours: bool = False,
        headers: dict[str, str] | None = None,
        more: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{status} {code} {message} {errors or ''}".strip())
        self.status = status
        self.ours = ours
        self.headers = headers or {}
        self.body: dict[str, Any] = {"message": message, "code": code, **(more or {})}
        if errors:
            self.body["errors"] = errors

    @property
    def code(self) -> int:
        return int(self.body["code"])


def form(path: str, code: str, message: str) -> Refused:
    """A wrong field of the body, named by a path such as `components.0.label`."""
    errors: dict[str, Any] = {"_errors": [{"code": code, "message": message}]}
    for name in reversed(path.split(".")):
        errors = {name: errors}
    return Refused(400, _FORM, "Invalid Form Body", errors=errors, ours=True)


def kept_file(index: int) -> Refused:
    """Not the client's fault: nobody knows for sure whether Discord keeps it."""
    refused = form(
        f"attachments.{index}.id", "ATTACHMENT_NOT_FOUND", "Attachment could not be found."
    )
    refused.ours = False
    return refused


def missing_reference(path: str, name: str, *, ours: bool) -> Refused:
    refused = form(
        path,
        "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
        f"The referenced attachment {name!r} was not found.",
    )
    refused.ours = ours
    return refused


def unauthorized() -> Refused:
    return Refused(401, 0, "401: Unauthorized")


def not_found() -> Refused:
    return Refused(404, 0, "404: Not Found", ours=True)


def unknown_channel() -> Refused:
    return Refused(404, 10003, "Unknown Channel")


def unknown_message() -> Refused:
    return Refused(404, 10008, "Unknown Message")


def unknown_user() -> Refused:
    return Refused(404, 10013, "Unknown User")


def unknown_webhook() -> Refused:
    return Refused(404, 10015, "Unknown Webhook")


def unknown_interaction() -> Refused:
    return Refused(404, 10062, "Unknown interaction")


def unknown_command() -> Refused:
    return Refused(404, 10063, "Unknown application command")


def too_large() -> Refused:
    return Refused(413, 40005, "Request entity too large")


def acknowledged() -> Refused:
    return Refused(400, 40060, "Interaction has already been acknowledged.", ours=True)


def too_many_followups() -> Refused:
    return Refused(
        400, 40094, "Maximum number of follow-up messages for this interaction reached.", ours=True
    )


def missing_access() -> Refused:
    return Refused(403, 50001, "Missing Access")


def missing_permissions() -> Refused:
    return Refused(403, 50013, "Missing Permissions")


def another_author() -> Refused:
    return Refused(403, 50005, "Cannot edit a message authored by another user", ours=True)


def empty_message() -> Refused:
    return Refused(400, 50006, "Cannot send an empty message", ours=True)


def closed_dm() -> Refused:
    return Refused(403, 50007, "Cannot send messages to this user")


def dead_token() -> Refused:
    return Refused(401, 50027, "Invalid Webhook Token")


def blocked_by_automod() -> Refused:
    return Refused(400, 200000, "Message was blocked by automatic moderation")


def rate_limited(seconds: float, *, scope: str = "user", via: bool = True) -> Refused:
    """A 429 as Discord sends it; without `Via` as Cloudflare does, who was asked too often."""
    headers = {
        "Retry-After": str(max(1, round(seconds))),
        "X-RateLimit-Limit": "5",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset-After": f"{seconds:.3f}",
        "X-RateLimit-Bucket": "a1b2c3d4",
        "X-RateLimit-Scope": scope,
    }
    if via:
        headers["Via"] = "1.1 google"
    if scope == "global":
        headers["X-RateLimit-Global"] = "true"
    more = {"retry_after": seconds, "global": scope == "global"}
    return Refused(429, 0, "You are being rate limited.", headers=headers, more=more)

import math

from bot.words.speech import Speech
from core.ids import ProviderId
from core.models.failure import Failure, FailureKind


def say_failure(_: Speech, failure: Failure, provider: ProviderId) -> str:  # noqa: C901, PLR0911, PLR0912 - a table: one sentence a kind
    """Why an attempt brought no picture, and what to do about it."""
    match failure.kind:
        case FailureKind.BAD_KEY:
            return _(
                "{provider} does not accept the key. {command} sets a new one.",
                provider=provider,
                command=_.add_key.format(provider=provider),
            )
        case FailureKind.NO_KEY:
            return _(
                "There is no key for {provider} yet. {command} adds one.",
                provider=provider,
                command=_.add_key.format(provider=provider),
            )
        case FailureKind.NO_CREDIT:
            return _("Your account at the provider has no credit left. Top it up there.")
        case FailureKind.RATE_LIMITED:
            if failure.retry_after is None:
                return _("Too many requests to the provider. Wait a little, then retry.")
            return _(
                "Too many requests to the provider. Retry in {seconds} s.",
                seconds=max(1, math.ceil(failure.retry_after)),
            )
        case FailureKind.REFUSED:
            return _("The provider refused this prompt. Word it differently.")
        case FailureKind.BAD_REQUEST:
            return _("The provider did not understand the request. Try other parameters.")
        case FailureKind.NOT_FOUND:
            return _("The provider does not know this model. Choose another one.")
        case FailureKind.PROVIDER_DOWN:
            return _("The provider cannot be reached or has a fault. Retry later.")
        case FailureKind.TIMEOUT:
            return _("No picture came within the time allowed. Retry, or allow more time.")
        case FailureKind.EMPTY:
            return _("The provider answered without a picture. Retry.")
        case FailureKind.GARBAGE:
            return _("What the provider sent is not a picture that can be read. Retry.")
        case FailureKind.TOO_LARGE:
            return _("The picture is too large to be opened safely. Ask for a smaller size.")
        case FailureKind.NO_SPACE:
            return _("The disk is full. Free some space, then retry.")
        case FailureKind.BLOCKED if failure.fake_ip:
            return _(
                "A proxy here answers every name with an address of its own. Ask the operator "
                "to set network.fake_ip_ranges."
            )
        case FailureKind.BLOCKED:
            return _("This address must not be reached from here. Ask the operator to allow it.")
        case FailureKind.INTERRUPTED:
            return _("Interrupted before the picture came. Retry sends it again.")
        case FailureKind.CANCELLED:
            return _("Cancelled.")

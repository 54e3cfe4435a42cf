import math
from collections.abc import Mapping

from bot.words.speech import Speech, mark
from core.ids import ProviderId, provider_of
from core.models.failure import Failure, FailureKind
from core.models.job import TextRun

_SENTENCES: Mapping[FailureKind, str] = {
    FailureKind.BAD_KEY: mark(
        "{provider} does not accept the key, or not for this. {command} sets another one."
    ),
    FailureKind.NO_KEY: mark("There is no key for {provider} yet. {command} adds one."),
    FailureKind.NO_CREDIT: mark(
        "Your account at the provider has no credit left. Top it up there."
    ),
    FailureKind.RATE_LIMITED: mark(
        "Too many requests to the provider. Wait a little, then retry."
    ),
    FailureKind.REFUSED: mark("The provider refused this prompt. Word it differently."),
    FailureKind.BAD_REQUEST: mark(
        "The provider did not understand the request. Try other parameters."
    ),
    FailureKind.NOT_FOUND: mark("The provider does not know this model. Choose another one."),
    FailureKind.PROVIDER_DOWN: mark("The provider cannot be reached or has a fault. Retry later."),
    FailureKind.TIMEOUT: mark(
        "No picture came within the time allowed. Retry, or allow more time."
    ),
    FailureKind.EMPTY: mark("The provider answered without a picture. Retry."),
    FailureKind.GARBAGE: mark("What the provider sent is not a picture that can be read. Retry."),
    FailureKind.TOO_LARGE: mark(
        "The picture is too large to be opened safely. Ask for a smaller size."
    ),
    FailureKind.NO_SPACE: mark(
        "The disk is full or cannot be written. Free some space, then retry."
    ),
    FailureKind.ALTERED: mark(
        "The text model changed what has to stay: flags, quoted text, tags, weights or names of "
        "models. Your own words stay."
    ),
    FailureKind.NOT_A_PROMPT: mark(
        "What the text model answered is no prompt. Your own words stay."
    ),
    FailureKind.BLOCKED: mark(
        "This address must not be reached from here. Ask the operator to allow it."
    ),
    FailureKind.INTERRUPTED: mark("Interrupted before the picture came. Retry sends it again."),
    FailureKind.CANCELLED: mark("Cancelled."),
}

# Where the same kind of failure has to be worded without a picture.
_WITHOUT_PICTURES: Mapping[FailureKind, str] = {
    FailureKind.BAD_REQUEST: mark(
        "The provider did not understand the request. Choose another text model."
    ),
    FailureKind.TIMEOUT: mark(
        "The text model did not answer within the time allowed. Try again, or choose another one."
    ),
    FailureKind.EMPTY: mark("The text model answered nothing. Try again, or choose another one."),
    FailureKind.GARBAGE: mark(
        "What the text model sent cannot be read. Try again, or choose another one."
    ),
    FailureKind.TOO_LARGE: mark(
        "The answer of the text model was cut off, or far too long. Try again, or choose another "
        "one."
    ),
    FailureKind.INTERRUPTED: mark(
        "Interrupted before the text model answered. It may have been paid; ask again if you "
        "still want it."
    ),
}


def say_text_failure(_: Speech, run: TextRun, failure: Failure) -> str:
    """Why a text stayed as it was, and what to do about it."""
    unsent = all(step.sent is None for step in run.steps)
    if failure.kind is FailureKind.INTERRUPTED and unsent:
        return _("Interrupted before anything was sent. Ask again if you still want it.")
    if failure.retry_after is None and failure.kind in _WITHOUT_PICTURES:
        return _(_WITHOUT_PICTURES[failure.kind])
    return say_failure(_, failure, provider_of(run.work.model))


def say_failure(_: Speech, failure: Failure, provider: ProviderId) -> str:
    """Why an attempt brought no picture, and what to do about it."""
    if failure.retry_after is not None:
        return _(
            "Too many requests to the provider. Retry in {seconds} s.",
            seconds=max(1, math.ceil(failure.retry_after)),
        )
    if failure.fake_ip:
        return _(
            "A proxy here answers every name with an address of its own. Ask the operator "
            "to set network.fake_ip_ranges."
        )
    command = _.add_key.format(provider=provider)
    return _(_SENTENCES[failure.kind], provider=provider, command=command)

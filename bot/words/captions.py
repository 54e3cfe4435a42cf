import time
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.words.failures import say_failure
from bot.words.parameters import say_names
from bot.words.speech import Speech
from core.files.manifest import asked
from core.ids import provider_of
from core.models.attempt import Attempt, AttemptState, Cost
from core.models.card import Card
from core.models.job import Comparison
from core.usecases.export import SheetCaptions, TileCaption
from core.usecases.pictures import PictureFacts


def sheet_captions(_: Speech, job: Comparison, *, demo: bool) -> SheetCaptions:
    """What the contact sheet says, in the order of the job's attempts."""
    several = job.work.parameters.pictures > 1
    day = datetime.fromtimestamp(job.created, UTC).strftime("%Y-%m-%d")
    return SheetCaptions(
        subtitle=" · ".join((day, *say_parameters(_, job))),
        footer=_("OmniImage · demo models, painted by its own code") if demo else "OmniImage",
        tiles=tuple(_tile(_, attempt, several=several) for attempt in job.attempts),
        language=_.language,
    )


def pictures_captions(_: Speech, pictures: Sequence[PictureFacts]) -> tuple[str, SheetCaptions]:
    """Header and captions of a sheet of any pictures; a prompt that all share is the header."""
    prompts = {facts.made.prompt if facts.made else "" for facts in pictures}
    tiles = tuple(
        TileCaption(
            title=facts.name,
            lines=_filled(
                f"{facts.measured.width} × {facts.measured.height}",
                facts.made.model or "" if facts.made else "",
                _("seed {seed}", seed=facts.made.seed)
                if facts.made and facts.made.seed is not None
                else "",
            ),
        )
        for facts in pictures
    )
    header = prompts.pop() if len(prompts) == 1 else ""
    return header, SheetCaptions(subtitle="", footer="OmniImage", tiles=tiles)


def say_parameters(_: Speech, job: Comparison) -> list[str]:
    names = say_names(_)
    return [f"{names[name]} {value}" for name, value in asked(job.work.parameters).items()]


def say_attempt(attempt: Attempt, *, several: bool) -> str:
    return f"{attempt.model} · {attempt.number}" if several else attempt.model


def say_cost(_: Speech, cost: Cost | None) -> str:
    """Unknown is said, and never shown as nothing."""
    if cost is None:
        return _("cost unknown")
    if cost.amount == 0:
        return _("free")
    # Every digit that the price has, at least two behind the point.
    whole, _point, cents = f"{cost.amount:f}".partition(".")
    amount = f"{whole}.{cents.rstrip('0').ljust(2, '0')}"
    return f"${amount}" if cost.exact else f"≈ ${amount}"


def say_price(_: Speech, card: Card) -> str:
    """Before the click: for one picture, or by tokens, or not known."""
    if card.token_price:
        return _("${price} per million image tokens", price=card.token_price.image_out)
    return say_cost(_, Cost(amount=card.price.amount, exact=True) if card.price else None)


def say_seconds(_: Speech, attempt: Attempt) -> str:
    if attempt.seconds is None:
        return ""
    return _("{seconds} s", seconds=f"{attempt.seconds:.1f}")


def say_seed(_: Speech, attempt: Attempt) -> str:
    if attempt.order is None or attempt.order.seed is None:
        return _("no seed")
    match attempt.seed_honoured:
        case True:
            return _("seed {seed}, honoured", seed=attempt.order.seed)
        case False:
            return _("seed {seed}, not honoured", seed=attempt.order.seed)
        case None:
            return _("seed {seed}", seed=attempt.order.seed)


def say_ignored(_: Speech, attempt: Attempt) -> str:
    if attempt.order is None or not attempt.order.ignored:
        return ""
    names = say_names(_)
    return _("ignored: {names}", names=_.list(names[name] for name in attempt.order.ignored))


def say_progress(_: Speech, attempt: Attempt) -> str:
    """What an attempt is doing that has not ended."""
    if attempt.sent is None:
        return _("waiting")
    seconds = _("running, {seconds} s", seconds=round(max(0.0, time.time() - attempt.sent)))
    progress = attempt.progress
    if progress.queue_position:
        return f"{seconds} · " + _("place {place} in the queue", place=progress.queue_position)
    return seconds if progress.share is None else f"{seconds} · {progress.share:.0%}"


def say_end(_: Speech, attempt: Attempt) -> str:
    """Why it brought no picture."""
    failure = attempt.failure
    return say_failure(_, failure, provider_of(attempt.model)) if failure else ""


def say_told(_: Speech, attempt: Attempt) -> str:
    """One line for where an attempt stands or how it ended."""
    if not attempt.state.final:
        return say_progress(_, attempt)
    if attempt.failure:
        return _joined(say_seconds(_, attempt), say_end(_, attempt))
    return _joined(
        say_seconds(_, attempt),
        say_cost(_, attempt.cost),
        say_seed(_, attempt),
        say_ignored(_, attempt),
    )


def say_card(_: Speech, card: Card) -> str:
    """What a model takes beside the prompt."""
    names = say_names(_)
    return _.list(names[name] for name in card.takes) or _("the prompt only")


def _joined(*parts: str) -> str:
    return " · ".join(_filled(*parts))


def _tile(_: Speech, attempt: Attempt, *, several: bool) -> TileCaption:
    title = say_attempt(attempt, several=several)
    if attempt.state is not AttemptState.DONE:
        notice = say_end(_, attempt) if attempt.failure else _("not finished")
        return TileCaption(title=title, lines=_filled(say_seconds(_, attempt)), notice=notice)
    lines = _filled(
        _joined(say_seconds(_, attempt), say_cost(_, attempt.cost)),
        say_seed(_, attempt),
        say_ignored(_, attempt),
    )
    return TileCaption(title=title, lines=lines)


def _filled(*lines: str) -> tuple[str, ...]:
    return tuple(line for line in lines if line)

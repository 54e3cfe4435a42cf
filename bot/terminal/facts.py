"""What `--json` says of attempts and jobs."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.words.failures import say_failure, say_text_failure
from core.ids import provider_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.words import Speech
    from core.ids import ProviderId
    from core.imaging.metadata import Made
    from core.models.attempt import Attempt
    from core.models.card import Card
    from core.models.draft import Draft
    from core.models.failure import Failure
    from core.models.image import Image
    from core.models.job import Comparison, TextRun
    from core.models.key import KeyNote
    from core.ports.tools import WeightsNote
    from core.usecases.pictures import PictureFacts


def landed_facts(
    job: "Comparison", attempt: "Attempt", image: "Image", path: str | None
) -> dict[str, Any]:
    order = attempt.order
    return {
        "image": image.id,
        "path": path,
        "width": image.width,
        "height": image.height,
        "seconds": round(attempt.seconds or 0.0, 3),
        "cost": None if attempt.cost is None else float(attempt.cost.amount),
        "seed": {
            "asked": job.work.parameters.seed,
            "sent": order.seed if order else None,
            "honoured": attempt.seed_honoured,
        },
        "ignored": list(order.ignored) if order else [],
    }


def failure_facts(_: "Speech", attempt: "Attempt") -> dict[str, Any]:
    return {
        "seconds": round(attempt.seconds or 0.0, 3),
        "error": error_facts(_, attempt),
    }


def error_facts(_: "Speech", attempt: "Attempt") -> dict[str, Any] | None:
    failure = attempt.failure
    if failure is None:
        return None
    return _failure(failure, say_failure(_, failure, provider_of(attempt.model)))


def _failure(failure: "Failure", message: str) -> dict[str, Any]:
    facts: dict[str, Any] = {"kind": failure.kind.value, "message": message}
    if failure.retry_after is not None:
        facts["retry_after"] = failure.retry_after
    return facts


def text_facts(_: "Speech", run: "TextRun") -> dict[str, Any]:
    draft, failure = run.draft, run.failure
    paid = [step for step in run.steps if step.sent is not None]
    costs = [step.cost for step in paid]
    message = failure and say_text_failure(_, run, failure)
    return {
        "id": run.id,
        "original": draft.original,
        "translated": draft.translated,
        "enhanced": draft.enhanced,
        "prompt": draft.text,
        "model": run.work.model,
        "calls": len(paid),
        "seconds": round(sum(step.seconds or 0.0 for step in paid), 3),
        "cost": None if None in costs else float(sum(cost.amount for cost in costs if cost)),
        "error": _failure(failure, message) if failure and message else None,
    }


def draft_facts(_: "Speech", run: "TextRun") -> dict[str, Any]:
    return {**text_facts(_, run), "created": _moment(run.created)}


def job_facts(_: "Speech", job: "Comparison") -> dict[str, Any]:
    return {
        "id": job.id,
        "prompt": job.work.prompt,
        **_draft(job.work.draft),
        "created": _moment(job.created),
        "attempts": [
            {
                "model": attempt.model,
                "number": attempt.number,
                "state": attempt.state.value,
                "image": attempt.images[0].id if attempt.images else None,
                "error": error_facts(_, attempt),
            }
            for attempt in job.attempts
        ],
    }


def _draft(draft: "Draft | None") -> dict[str, Any]:
    """Where a prompt comes from that a text model has worked on."""
    if draft is None:
        return {}
    return {
        "original": draft.original,
        "translated": draft.translated,
        "enhanced": draft.enhanced,
    }


def counts(job: "Comparison") -> dict[str, int]:
    """How many attempts ended how; every state that is possible at the end is there."""
    states = [attempt.state.value for attempt in job.attempts]
    return {
        "landed": states.count("done"),
        **{name: states.count(name) for name in ("failed", "cancelled", "interrupted")},
    }


def card_facts(card: "Card", keys: "Collection[ProviderId]") -> dict[str, Any]:
    """`keys`: the providers that the reader has a key for."""
    price = card.price
    return {
        "model": card.model,
        "provider": provider_of(card.model),
        "usable": not card.needs_key or provider_of(card.model) in keys,
        "needs_key": card.needs_key,
        "demo": card.demo,
        "takes": list(card.takes),
        "sizes": [str(size) for size in card.sizes],
        "ratios": [str(ratio) for ratio in card.ratios],
        "price": None if price is None else float(price.amount),
        "price_as_of": None if price is None else price.as_of.isoformat(),
    }


def key_facts(note: "KeyNote") -> dict[str, Any]:
    return {
        "provider": note.provider,
        "last_four": note.last_four,
        "base_url": note.base_url,
        "added": _moment(note.added),
        "last_used": None if note.used is None else _moment(note.used),
    }


def weights_facts(note: "WeightsNote") -> dict[str, Any]:
    return {
        "name": note.name,
        "engine": note.engine,
        "file": note.file,
        "bytes": note.bytes,
        "checksum": note.checksum,
        "licence": note.licence,
        "path": None if note.path is None else str(note.path),
        "preferred": note.preferred,
    }


def picture_facts(facts: "PictureFacts") -> dict[str, Any]:
    made, measured = facts.made, facts.measured
    return {
        "format": measured.format,
        "width": measured.width,
        "height": measured.height,
        "bytes": facts.bytes,
        "parameters": None if made is None else made_facts(made),
    }


def made_facts(made: "Made") -> dict[str, Any]:
    return {
        "prompt": made.prompt,
        "negative": made.negative,
        "model": made.model,
        "seed": made.seed,
        "steps": made.steps,
        "sampler": made.sampler,
        "cfg": made.cfg,
        "size": None if made.size is None else str(made.size),
        "others": dict(made.others),
    }


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")

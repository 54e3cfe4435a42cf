"""What `--json` says of attempts and jobs."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.words.failures import say_failure
from core.ids import provider_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.words import Speech
    from core.ids import ProviderId
    from core.models.attempt import Attempt
    from core.models.card import Card
    from core.models.image import Image
    from core.models.job import Job
    from core.models.key import KeyNote


def landed_facts(
    job: "Job", attempt: "Attempt", image: "Image", path: str | None
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
    facts: dict[str, Any] = {
        "kind": failure.kind.value,
        "message": say_failure(_, failure, provider_of(attempt.model)),
    }
    if failure.retry_after is not None:
        facts["retry_after"] = failure.retry_after
    return facts


def job_facts(_: "Speech", job: "Job") -> dict[str, Any]:
    return {
        "id": job.id,
        "prompt": job.work.prompt,
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


def counts(job: "Job") -> dict[str, int]:
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


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")

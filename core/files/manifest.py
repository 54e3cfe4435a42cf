import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from core.files.names import PictureFile
from core.models.attempt import Attempt
from core.models.draft import Draft
from core.models.job import Comparison
from core.models.order import Order
from core.models.request import Parameters

SCHEMA = 1


def manifest(job: Comparison, files: Sequence[PictureFile]) -> bytes:
    """`manifest.json`: what was asked, sent and ignored for every picture, and what failed."""
    value = {
        "schema": SCHEMA,
        "id": job.id,
        "created": datetime.fromtimestamp(job.created, UTC).isoformat(timespec="seconds"),
        "prompt": job.work.prompt,
        **_draft(job.work.draft),
        "parameters": asked(job.work.parameters),
        "images": [_image(job, file) for file in files],
        "failures": [_failure(attempt) for attempt in job.attempts if attempt.failure],
    }
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _draft(draft: Draft | None) -> dict[str, Any]:
    """Where the prompt comes from, when a text model worked on it."""
    if draft is None:
        return {}
    return {
        "draft": _given(
            original=draft.original, translated=draft.translated, enhanced=draft.enhanced
        )
    }


def asked(parameters: Parameters) -> dict[str, Any]:
    """The given parameters as people write them."""
    return _given(
        ratio=parameters.ratio,
        size=parameters.size,
        count=parameters.count,
        seed=parameters.seed,
        steps=parameters.steps,
        quality=parameters.quality,
        negative=parameters.negative,
    )


def _sent(order: Order | None) -> dict[str, Any]:
    if order is None:
        return {}
    return _given(
        ratio=order.ratio,
        size=order.size,
        seed=order.seed,
        steps=order.steps,
        quality=order.quality,
        negative=order.negative,
    )


def _image(job: Comparison, file: PictureFile) -> dict[str, Any]:
    attempt, image = file.attempt, file.image
    return {
        "file": file.name,
        "model": attempt.model,
        "number": attempt.number,
        "sha256": image.sha256,
        "width": image.width,
        "height": image.height,
        "seed": attempt.order.seed if attempt.order and attempt.seed is None else attempt.seed,
        "asked": asked(job.work.parameters),
        "sent": _sent(attempt.order),
        "ignored": list(attempt.order.ignored) if attempt.order else [],
        "seconds": None if attempt.seconds is None else round(attempt.seconds, 3),
        "cost": None if attempt.cost is None else float(attempt.cost.amount),
    }


def _failure(attempt: Attempt) -> dict[str, Any]:
    return {
        "model": attempt.model,
        "number": attempt.number,
        "error": {"kind": attempt.failure.kind} if attempt.failure else None,
        "seconds": None if attempt.seconds is None else round(attempt.seconds, 3),
    }


def _given(**values: object) -> dict[str, Any]:
    return {
        name: value if isinstance(value, int) else str(value)
        for name, value in values.items()
        if value is not None
    }

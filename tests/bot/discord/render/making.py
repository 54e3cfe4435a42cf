"""Jobs in any state, without a house."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from core.ids import AttemptId, ImageId, ItemId, JobId, ModelId, OwnerId, PlaceId
from core.models.attempt import Attempt, AttemptState, Cost, Progress
from core.models.failure import Failure, FailureKind
from core.models.image import Image
from core.models.job import Comparison, JobState, ToolRun
from core.models.order import Order
from core.models.request import Parameters, Request
from core.models.tool import Brought, Item, ItemState, Outcome, Split, Tool, ToolRequest

OWNER, PLACE = OwnerId("discord:user:1"), PlaceId("discord:channel:5")
JOB = JobId("j" * 20)
QUEUED, RUNNING, DONE, FAILED, CANCELLED, INTERRUPTED = AttemptState
DIGITS = "abcdefghij"
Mixed = Sequence[AttemptState]


def an_id(kind: str, number: int) -> str:
    return kind * 16 + "".join(DIGITS[int(digit)] for digit in f"{number:04}")


def image(number: int, **changes: Any) -> Image:
    values = {
        "id": ImageId(an_id("i", number)),
        "owner": OWNER,
        "place": PLACE,
        "job": JOB,
        "attempt": AttemptId(an_id("t", number)),
        "sha256": "0" * 64,
        "bytes": 1000,
        "format": "png",
        "width": 1024,
        "height": 768,
        "created": 0.0,
        **changes,
    }
    return Image(**values)


def model(at: int) -> ModelId:
    return ModelId(f"provider-{at}/some-model.of-{at}")


def attempt(number: int, name: ModelId, k: int, state: AttemptState, **changes: Any) -> Attempt:
    failures = {
        FAILED: FailureKind.BAD_KEY,
        CANCELLED: FailureKind.CANCELLED,
        INTERRUPTED: FailureKind.INTERRUPTED,
    }
    failure = Failure(kind=failures[state]) if state in failures else None
    values = {
        "id": AttemptId(an_id("t", number)),
        "model": name,
        "number": k,
        "round": 1,
        "state": state,
        "order": Order(model=name, prompt="a fox", seed=7, ignored=("steps", "negative")),
        "sent": None if state is QUEUED else 1.0,
        "seconds": 12.3 if state in (DONE, FAILED) else None,
        "cost": Cost(amount=Decimal("0.04"), exact=False) if state is DONE else None,
        "failure": failure,
        "images": (image(number),) if state is DONE else (),
        **changes,
    }
    return Attempt(**values)


def comparison(
    models: int, count: int, states: Mixed, *, prompt: str = "a red fox", **changes: Any
) -> Comparison:
    """`states` is repeated over the attempts; it has ended when they all have."""
    pairs = [(model(m), k) for m in range(1, models + 1) for k in range(1, count + 1)]
    attempts = tuple(
        attempt(at, name, k, states[at % len(states)]) for at, (name, k) in enumerate(pairs)
    )
    final = all(each.state.final for each in attempts)
    values = {
        "id": JOB,
        "owner": OWNER,
        "place": PLACE,
        "state": JobState.DONE if final else JobState.RUNNING,
        "version": 3,
        "created": 0.0,
        "work": Request(
            prompt=prompt,
            models=tuple(model(m) for m in range(1, models + 1)),
            parameters=Parameters(count=count, steps=30, negative="`x` @everyone"),
        ),
        "attempts": attempts,
        **changes,
    }
    return Comparison(**values)


def item(at: int, state: ItemState, pictures: int = 0, **changes: Any) -> Item:
    values = {
        "id": ItemId(an_id("m", at)),
        "source": Brought(front_end="discord", reference="1", name=f"fox-{at}.png"),
        "state": state,
        "outcome": Outcome(name=f"fox-{at}") if state is ItemState.DONE else None,
        "images": tuple(
            image(at * 100 + part, attempt=None, tool="split") for part in range(pictures)
        ),
        **changes,
    }
    return Item(**values)


def tool_run(*items: Item, tool: Tool | None = None, **changes: Any) -> ToolRun:
    final = all(each.state.final for each in items)
    values = {
        "id": JOB,
        "owner": OWNER,
        "place": PLACE,
        "state": JobState.DONE if final else JobState.RUNNING,
        "version": 3,
        "created": 0.0,
        "work": ToolRequest(tool=tool or Split(), sources=tuple(each.source for each in items)),
        "items": items,
        **changes,
    }
    return ToolRun(**values)


WAITING = Progress(queue_position=3)

"""Rows into values and back; a value inside a column is JSON, checked by its type on the way."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from pydantic import TypeAdapter

from core.adapters.sqlite.database import Row, Transaction, Value
from core.ids import (
    AttemptId,
    ImageId,
    ItemId,
    JobId,
    ModelId,
    OwnerId,
    PlaceId,
    RunnerId,
    StepId,
)
from core.models.attempt import Attempt, AttemptState, Cost, Progress
from core.models.failure import Failure
from core.models.image import Image
from core.models.job import Comparison, JobState, TextRun, ToolRun
from core.models.order import Order
from core.models.request import Request
from core.models.text import Step, StepKind, TextRequest
from core.models.tool import Item, ItemState, Outcome, Source, ToolFailure, ToolRequest

T = TypeVar("T")

_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)  # building one takes 1 ms

# One statement sees one moment: comparisons with the newest round of their attempts and their
# images. A prompt may be long, so the work comes with a job's first row alone.
WHOLE = """
select j.id as job_id, j.kind, j.owner as job_owner, j.place as job_place, j.state as job_state,
  j.version, j.runner, j.created as job_created,
  case when coalesce(a.position, 0) = 0 and (i.id is null or i.position =
    (select min(position) from images where attempt = a.id)) then j.work end as work,
  a.id as attempt_id, a.model,
  a.number, a.round, a.state, a.sent_order, a.progress, a.sent, a.seconds, a.cost,
  a.seed as attempt_seed,
  a.failure, i.*
from jobs j
left join attempts a on a.job = j.id and a.round = (
  select max(b.round) from attempts b where b.job = a.job and b.position = a.position)
left join images i on i.attempt = a.id
where j.id in ({})
order by j.created desc, j.id desc, a.position, i.position
"""

# The same of a tool run, with its items.
WHOLE_TOOL = """
select j.id as job_id, j.kind, j.owner as job_owner, j.place as job_place, j.state as job_state,
  j.version, j.runner, j.created as job_created,
  case when t.position = 0 and (i.id is null or i.position =
    (select min(position) from images where item = t.id)) then j.work end as work,
  t.id as item_id, t.source, t.state, t.progress, t.outcome, t.failure, i.*
from jobs j
left join items t on t.job = j.id
left join images i on i.item = t.id
where j.id = ?
order by t.position, i.position
"""


# The same of texts, with their steps.
WHOLE_TEXT = """
select j.id as job_id, j.kind, j.owner as job_owner, j.place as job_place, j.state as job_state,
  j.version, j.runner, j.created as job_created, j.work,
  s.id as step_id, s.kind as step_kind, s.state, s.text, s.sent, s.seconds, s.cost, s.failure
from jobs j
left join steps s on s.job = j.id
where j.id in ({})
order by j.created desc, j.id desc, s.position
"""


def dump(value: object) -> str:
    adapter: TypeAdapter[Any] = _adapter(type(value))
    return adapter.dump_json(value).decode()


def read(kind: type[T], text: str) -> T:
    adapter: TypeAdapter[T] = _adapter(kind)
    return adapter.validate_json(text)


def read_source(text: str) -> Source:
    adapter: TypeAdapter[Source] = _adapter(Source)
    return adapter.validate_json(text)


def search_text(text: str) -> str:
    """What a search compares: without regard to case, in any script."""
    return text.casefold()


def comparisons_from(rows: Iterable[Row]) -> list[Comparison]:
    """What WHOLE selected, newest job first."""
    return [_comparison(list(its_rows)) for _, its_rows in groupby(rows, itemgetter("job_id"))]


def tool_run_from(rows: Sequence[Row]) -> ToolRun:
    """What WHOLE_TOOL selected."""
    return ToolRun(
        **_job_fields(rows[0]),
        work=read(ToolRequest, rows[0]["work"]),
        items=tuple(_items(rows)),
    )


def text_runs_from(rows: Iterable[Row]) -> list[TextRun]:
    """What WHOLE_TEXT selected, newest job first."""
    return [_text_run(list(its_rows)) for _, its_rows in groupby(rows, itemgetter("job_id"))]


def _text_run(rows: Sequence[Row]) -> TextRun:
    return TextRun(
        **_job_fields(rows[0]),
        work=read(TextRequest, rows[0]["work"]),
        steps=tuple(_step(row) for row in rows if row["step_id"]),
    )


def _step(row: Row) -> Step:
    return Step(
        id=StepId(row["step_id"]),
        kind=StepKind(row["step_kind"]),
        state=AttemptState(row["state"]),
        text=row["text"],
        sent=row["sent"],
        seconds=_seconds(row),
        cost=_optional(Cost, row["cost"]),
        failure=_optional(Failure, row["failure"]),
    )


def _comparison(rows: Sequence[Row]) -> Comparison:
    return Comparison(
        **_job_fields(rows[0]),
        work=read(Request, rows[0]["work"]),
        attempts=tuple(_attempts(rows)),
    )


def _job_fields(row: Row) -> dict[str, Any]:
    return {
        "id": JobId(row["job_id"]),
        "owner": OwnerId(row["job_owner"]),
        "place": PlaceId(row["job_place"]),
        "created": row["job_created"],
        "state": JobState(row["job_state"]),
        "version": row["version"],
        "runner": RunnerId(row["runner"]) if row["runner"] else None,
    }


async def insert_images(
    tx: Transaction, images: Iterable[Image], item: ItemId | None = None
) -> None:
    await tx.run_many(
        "insert into images values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(*_image_values(image, at), item) for at, image in enumerate(images)],
    )


def _image_values(image: Image, position: int) -> tuple[Value, ...]:
    """In the order of the table's columns."""
    return (
        image.id,
        image.owner,
        image.place,
        image.job,
        image.attempt,
        position,
        image.parent,
        image.tool,
        image.sha256,
        image.bytes,
        image.format,
        image.width,
        image.height,
        image.created,
    )


def _attempts(rows: Iterable[Row]) -> Iterable[Attempt]:
    for attempt, grouped in groupby(rows, itemgetter("attempt_id")):
        its_rows = list(grouped)
        row = its_rows[0]
        if attempt is None:
            continue
        yield Attempt(
            id=AttemptId(attempt),
            model=ModelId(row["model"]),
            number=row["number"],
            round=row["round"],
            state=AttemptState(row["state"]),
            order=_optional(Order, row["sent_order"]),
            progress=_optional(Progress, row["progress"]) or Progress(),
            sent=row["sent"],
            seconds=_seconds(row),
            cost=_optional(Cost, row["cost"]),
            seed=row["attempt_seed"],
            failure=_optional(Failure, row["failure"]),
            images=tuple(image_from(row) for row in its_rows if row["id"]),
        )


def _items(rows: Iterable[Row]) -> Iterable[Item]:
    for item, grouped in groupby(rows, itemgetter("item_id")):
        its_rows = list(grouped)
        row = its_rows[0]
        yield Item(
            id=ItemId(item),
            source=read_source(row["source"]),
            state=ItemState(row["state"]),
            progress=_optional(Progress, row["progress"]) or Progress(),
            outcome=_optional(Outcome, row["outcome"]),
            failure=_optional(ToolFailure, row["failure"]),
            images=tuple(image_from(row) for row in its_rows if row["id"]),
        )


def image_from(row: Row) -> Image:
    return Image(
        id=ImageId(row["id"]),
        owner=OwnerId(row["owner"]),
        place=PlaceId(row["place"]),
        job=JobId(row["job"]),
        attempt=AttemptId(row["attempt"]) if row["attempt"] else None,
        parent=ImageId(row["parent"]) if row["parent"] else None,
        tool=row["tool"],
        sha256=row["sha256"],
        bytes=row["bytes"],
        format=row["format"],
        width=row["width"],
        height=row["height"],
        created=row["created"],
    )


def _seconds(row: Row) -> float | None:
    """A clock that was set back meanwhile makes nothing negative."""
    return None if row["seconds"] is None else max(0.0, row["seconds"])


def _optional(kind: type[T], text: str | None) -> T | None:
    return None if text is None else read(kind, text)

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from core.models.attempt import Attempt
from core.models.image import Image
from core.models.job import Comparison
from core.models.origin import Origin
from core.models.tool import Item, Outcome

_UNSAFE = re.compile(r"[^A-Za-z0-9.]+")
_EXTENSIONS = {"jpeg": "jpg"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFile:
    """One kept picture under the name that people see: `images/openai-gpt-image-2-1.png`."""

    name: str
    image: Image
    attempt: Attempt


def picture_files(job: Comparison) -> tuple[PictureFile, ...]:
    """In the order asked; names say model and number, equal ones get a second number."""
    taken: set[str] = set()
    files = []
    for attempt in job.attempts:
        stem = _UNSAFE.sub("-", f"{attempt.model}-{attempt.number}").strip("-.")
        for image in attempt.images:
            free = names(stem, extension(image.format))
            name = next(name for name in free if name not in taken)
            taken.add(name)
            files.append(PictureFile(name=f"images/{name}", image=image, attempt=attempt))
    return tuple(files)


def names(stem: str, ending: str) -> Iterator[str]:
    """`stem.png`, `stem-2.png`, `stem-3.png` ...: the first free one is taken."""
    yield f"{stem}.{ending}"
    for again in itertools.count(2):
        yield f"{stem}-{again}.{ending}"


def extension(format_: str) -> str:
    return _EXTENSIONS.get(format_, format_)


def result_names(item: Item) -> tuple[str, ...]:
    """`fox-r1c2.png`, `fox-cutout.png`: one for each image that was made of a source."""
    return tuple(
        f"{_result_stem(item.outcome, at)}.{extension(image.format)}"
        for at, image in enumerate(item.images)
        if item.outcome
    )


def stem_of(origin: Origin) -> str:
    """What a kept image is called, without an ending."""
    image = origin.image
    if image.attempt is not None and origin.comparison is not None:
        files = picture_files(origin.comparison)
        return next((PurePath(file.name).stem for file in files if file.image == image), image.id)
    return _result_stem(origin.outcome, origin.position) if origin.outcome else image.id


def _result_stem(outcome: Outcome, position: int) -> str:
    if outcome.grid is None:
        return f"{outcome.name}-cutout"
    row, column = divmod(position, outcome.grid.columns)
    return f"{outcome.name}-r{row + 1}c{column + 1}"

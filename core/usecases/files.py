import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.imaging.formats import extension
from core.models.attempt import Attempt
from core.models.image import Image
from core.models.job import Job

_UNSAFE = re.compile(r"[^A-Za-z0-9.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFile:
    """One kept picture under the name that people see: `images/openai-gpt-image-2-1.png`."""

    name: str
    image: Image
    attempt: Attempt


def picture_files(job: Job) -> tuple[PictureFile, ...]:
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

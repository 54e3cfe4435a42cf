import asyncio
import errno
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bot.words.captions import sheet_captions
from core.errors import StoreDamaged, StoreFull, StoreUnwritable
from core.files.manifest import manifest
from core.files.names import PictureFile, names, picture_files
from core.ids import ImageId, new_id

if TYPE_CHECKING:
    from bot.words import Speech
    from core.app import App
    from core.models.job import Comparison

ROOT = Path("omniimage-out")  # below the folder that the person stands in
_SLUG = 40  # characters of the prompt in a folder's name


def default_folder(job: "Comparison") -> Path:
    """The same for the same comparison, so that a retry completes what is there."""
    words = re.sub(r"\W+", "-", job.work.prompt[: 4 * _SLUG]).strip("-").lower()[:_SLUG].strip("-")
    day = datetime.fromtimestamp(job.created).astimezone().strftime("%Y%m%d-%H%M%S")
    return ROOT / f"{day}-{words or 'prompt'}-{job.id[:4]}"


def check_writable(path: Path) -> None:
    """Make the folder and try it before anything is paid; StoreUnwritable, StoreFull."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise StoreFull if error.errno == errno.ENOSPC else StoreUnwritable(path=path) from error


class Folder:
    """The files of one comparison: pictures as they land, at the end sheet, manifest and zip.

    A file of another comparison is never overwritten by a picture; it gets a free name. A disk
    that fails meanwhile stops no model: `problem` holds it until the end.
    """

    def __init__(self, app: "App", speech: "Speech", path: Path, *, with_zip: bool) -> None:
        self.path = path.absolute()
        self.problem: OSError | None = None
        self.damaged: StoreDamaged | None = None
        self._app = app
        self._speech = speech
        self._with_zip = with_zip
        self._names: dict[ImageId, str] = {}

    async def add(self, job: "Comparison") -> None:
        """Write the pictures that are new since the last call."""
        for file in picture_files(job):
            if file.image.id not in self._names and self.problem is None:
                await self._add(file)

    async def _add(self, file: PictureFile) -> None:
        try:
            data = await self._app.export.picture(file)
        except StoreDamaged as error:
            self.damaged = error
            return
        with self._noting():
            self._names[file.image.id] = await asyncio.to_thread(self._place, file, data)

    def where(self, image: ImageId) -> Path | None:
        name = self._names.get(image)
        return self.path / name if name else None

    async def close(self, job: "Comparison") -> None:
        """Write what needs the whole comparison."""
        await self.add(job)
        if self.problem is not None:
            return
        files = [
            replace(file, name=self._names[file.image.id])
            for file in picture_files(job)
            if file.image.id in self._names
        ]
        demo = any(self._app.catalog.is_demo(model) for model in job.work.models)
        captions = sheet_captions(self._speech, job, demo=demo)
        sheet = await self._app.export.sheet(job, captions)
        with self._noting():
            _write(self.path / "sheet.png", lambda target: target.write(sheet))
            _write(self.path / "manifest.json", lambda target: target.write(manifest(job, files)))
            if self._with_zip:
                with _written(self.path / "comparison.zip") as target:
                    await self._app.export.archive(job, files, captions, target)

    def _place(self, file: PictureFile, data: bytes) -> str:
        stem, _, ending = Path(file.name).name.rpartition(".")
        taken = set(self._names.values())
        for name in names(stem, ending):
            path = self.path / "images" / name
            if f"images/{name}" in taken or (path.exists() and path.read_bytes() != data):
                continue
            _write(path, lambda target: target.write(data))
            break
        return f"images/{name}"

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.problem = error


def _write(path: Path, fill: Callable[[BinaryIO], object]) -> None:
    with _written(path) as target:
        fill(target)


@contextmanager
def _written(path: Path) -> Iterator[BinaryIO]:
    """The whole file or none: a temporary one beside it, renamed at the end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".tmp-{new_id()}")
    try:
        with temporary.open("xb") as target:
            yield target
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


async def write_folder(app: "App", speech: "Speech", path: Path, job: "Comparison") -> Folder:
    """All files of a comparison at once; what is damaged is raised after the rest is written."""
    await asyncio.to_thread(check_writable, path)
    folder = Folder(app, speech, path, with_zip=True)
    await folder.close(job)
    if folder.problem:
        raise StoreUnwritable(path=folder.path) from folder.problem
    if folder.damaged:
        raise folder.damaged
    return folder

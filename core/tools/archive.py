import asyncio
import errno
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from core.files.names import extension
from core.ids import new_id
from core.imaging.archive import Entry, part_names, plan_parts, write_archive
from core.imaging.formats import measure
from core.imaging.names import unique_names
from core.imaging.notes import made_of
from core.imaging.webp import as_lossless_webp
from core.models.attempt import Progress
from core.models.job import ToolRun
from core.models.tool import Archive, Item, Outcome, ToolFailed, ToolFailure, ToolFailureKind
from core.ports.jobs import Made
from core.ports.run import ToolsRun
from core.tools.kit import Kit
from core.tools.page import Packed, beside
from core.tools.sources import read_file
from core.tools.spoiling import spoiling

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


async def pack(kit: Kit, run: ToolsRun, items: Sequence[Item], archive: Archive) -> None:
    """All sources into one archive, or into numbered parts that each open by themselves."""
    folder = kit.folders.make(run.job.id)
    packed: list[Packed] = []
    for item in items:
        async with spoiling(run, item):
            await run.working(item.id, Progress())
            packed.append(await _packed(kit, run.job, item, folder))
    packed = _named(packed)
    _, refused = _planned(packed, archive)
    if refused:
        packed = _named([await _smaller(kit, one, folder, refused) for one in packed])
        _, refused = _planned(packed, archive)
    for one in refused:
        await run.spoiled(one.item.id, ToolFailure(kind=ToolFailureKind.OVER_LIMIT))
    parts, _ = _planned([one for one in packed if one not in refused], archive)
    for name, part in zip(part_names(archive.name, len(parts)), parts, strict=True):
        await _write(run, part, folder / name, archive)


async def _packed(kit: Kit, job: ToolRun, item: Item, folder: Path) -> Packed:
    """Looked at, not kept in memory: its bytes stay where they lie, or are put into the folder."""
    found = await kit.sources.locate(job.owner, job.place, item.source)
    content = found.content
    data = content if isinstance(content, bytes) else await kit.offload(read_file, content)
    measured = await kit.offload(measure, data)
    path = content if isinstance(content, Path) else await _spooled(folder, content)
    return Packed(
        item=item,
        name=found.name,
        entry=Entry(name=f"{found.name}.{extension(measured.format)}", source=path),
        measured=measured,
        made=await kit.offload(made_of, data, found.origin),
    )


async def _smaller(kit: Kit, one: Packed, folder: Path, refused: Sequence[Packed]) -> Packed:
    """What is too large for a part, as lossless WebP, if it can be that and gains by it."""
    if one not in refused:
        return one
    source = one.entry.source
    data = source if isinstance(source, bytes) else await kit.offload(read_file, source)
    webp = await kit.offload(as_lossless_webp, data)
    if webp is None or len(webp) >= len(data):
        return one
    entry = Entry(name=f"{one.name}.webp", source=await _spooled(folder, webp))
    return replace(one, entry=entry)


def _named(packed: Sequence[Packed]) -> list[Packed]:
    """Names that no platform takes for the same."""
    names = unique_names([one.entry.name for one in packed])
    return [
        replace(one, entry=replace(one.entry, name=name))
        for one, name in zip(packed, names, strict=True)
    ]


def _planned(
    packed: Sequence[Packed], archive: Archive
) -> tuple[list[Sequence[Packed]], list[Packed]]:
    by_name = {one.entry.name: one for one in packed}

    def extra(entries: Sequence[Entry]) -> Sequence[Entry]:
        return beside([by_name[entry.name] for entry in entries], archive.words)

    plan = plan_parts([one.entry for one in packed], extra, archive.most_bytes)
    parts = [[by_name[e.name] for e in part if e.name in by_name] for part in plan.parts]
    return list(parts), [by_name[entry.name] for entry in plan.refused]


async def _write(run: ToolsRun, part: Sequence[Packed], path: Path, archive: Archive) -> None:
    entries = [*(one.entry for one in part), *beside(part, archive.words)]
    try:
        await asyncio.to_thread(_written, path, entries)
    except OSError as error:
        full = error.errno in _FULL
        kind = ToolFailureKind.NO_SPACE if full else ToolFailureKind.UNREADABLE
        for one in part:
            await run.spoiled(one.item.id, ToolFailure(kind=kind))
        return
    for one in part:
        outcome = Outcome(name=one.name, files=(path.name,))
        await run.made(one.item.id, Made(outcome=outcome))


def _written(path: Path, entries: Sequence[Entry]) -> None:
    """The whole file or none, safe on disk."""
    temporary = path.with_name(f".tmp-{new_id()}")
    try:
        with temporary.open("xb") as target:
            write_archive(target, entries)
            target.flush()
            os.fsync(target.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


async def _spooled(folder: Path, data: bytes) -> Path:
    """Bytes onto the disk, so that memory holds one picture at a time."""
    path = folder / f".source-{new_id()}"
    try:
        await asyncio.to_thread(path.write_bytes, data)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise ToolFailed(ToolFailureKind.NO_SPACE) from error
    return path

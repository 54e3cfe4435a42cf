import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from core.errors import BadImage
from core.files.names import extension
from core.ids import ItemId, JobId
from core.imaging.archive import Entry, EntryLost, Parts, part_names, plan_parts, write_archive
from core.imaging.formats import measure
from core.imaging.names import safe_name, unique_names
from core.imaging.notes import made_of, with_notes
from core.imaging.webp import as_lossless_webp
from core.models.attempt import Progress
from core.models.tool import Archive, Item, Outcome, ToolFailure, ToolFailureKind
from core.ports.jobs import Made
from core.ports.run import ToolsRun
from core.ports.tools import Located
from core.tools.kit import Kit
from core.tools.page import Packed, beside
from core.tools.sources import read_file
from core.tools.spoiling import spoiling

_TELL_EVERY = 1.0  # seconds


async def pack(kit: Kit, run: ToolsRun, items: Sequence[Item], archive: Archive) -> None:
    """All sources into one archive, or into numbered parts that each open by themselves.

    Its parts belong together: all of them are told as made at once, when the last is written.
    """
    await kit.offload(kit.folders.renew, run.job.id)
    packed: list[Packed] = []
    told = -_TELL_EVERY
    for item in items:
        async with spoiling(run, item):
            if time.monotonic() - told > _TELL_EVERY:  # a row for each would take longer than it
                told = time.monotonic()
                await run.working(item.id, Progress())
            packed.append(await _packed(kit, run, item))
    packed = await _fitting(kit, run, packed, archive)
    while packed:
        async with spoiling(run, *(one.item for one in packed)):
            try:
                made = await kit.offload(_written, kit, run.job.id, packed, archive)
            except EntryLost as lost:  # deleted meanwhile: the others go on without it
                gone = [one for one in packed if one.entry is lost.entry]
                for one in gone:
                    await run.spoiled(one.item.id, ToolFailure(kind=ToolFailureKind.MISSING))
                packed = [one for one in packed if one not in gone]
                continue
            await run.made(made)
        break
    await kit.offload(kit.folders.unspool, run.job.id)


async def _packed(kit: Kit, run: ToolsRun, item: Item) -> Packed:
    """Looked at, not kept in memory: its bytes stay where they lie, or go onto the disk."""
    job = run.job
    found = await kit.sources.locate(job.owner, job.place, item.source)
    return await kit.offload(_looked_at, kit, job.id, item, found)


def _looked_at(kit: Kit, job: JobId, item: Item, found: Located) -> Packed:
    content = found.content
    data = content if isinstance(content, bytes) else read_file(content)
    measured = measure(data)
    path = content if isinstance(content, Path) else kit.folders.spool(job, data)
    name = f"{found.name}.{extension(measured.format)}"
    return Packed(
        item=item,
        name=found.name,
        entry=Entry(name=name, source=path, size=len(data)),
        measured=measured,
        made=made_of(data, found.origin),
        origin=found.origin,
    )


async def _fitting(
    kit: Kit, run: ToolsRun, packed: Sequence[Packed], archive: Archive
) -> list[Packed]:
    """Those that go into a part; what is too large for any goes as WebP, or is refused."""
    packed = _named(packed)
    too_large = await kit.offload(_refused, packed, archive)
    if not too_large:
        return packed
    fitting = []
    for one in packed:
        if one.item.id not in too_large:
            fitting.append(one)
            continue
        async with spoiling(run, one.item):
            fitting.append(await kit.offload(_smaller, kit, run.job.id, one))
    fitting = _named(fitting)
    too_large = await kit.offload(_refused, fitting, archive)
    for item in too_large:
        await run.spoiled(item, ToolFailure(kind=ToolFailureKind.OVER_LIMIT))
    return [one for one in fitting if one.item.id not in too_large]


def _smaller(kit: Kit, job: JobId, one: Packed) -> Packed:
    """As lossless WebP, if it can be that and gains by it."""
    source = one.entry.source
    data = source if isinstance(source, bytes) else read_file(source)
    try:
        webp = as_lossless_webp(data)
    except BadImage:  # an animation, or one that a decoder does not like: it stays as it is
        return one
    if webp is None:
        return one
    if kit.metadata:
        webp = with_notes(webp, data, one.origin)
    if len(webp) >= len(data):
        return one
    path = kit.folders.spool(job, webp)
    return replace(one, entry=Entry(name=f"{one.name}.webp", source=path, size=len(webp)))


def _named(packed: Sequence[Packed]) -> list[Packed]:
    """Names that no platform takes for the same."""
    names = unique_names([one.entry.name for one in packed])
    return [
        replace(one, entry=replace(one.entry, name=name))
        for one, name in zip(packed, names, strict=True)
    ]


def _written(
    kit: Kit, job: JobId, packed: Sequence[Packed], archive: Archive
) -> dict[ItemId, Made]:
    parts = list(_parts(packed, archive))
    made = {}
    for name, part in zip(part_names(safe_name(archive.name), len(parts)), parts, strict=True):
        with kit.folders.writing(job, name) as target:
            write_archive(target, [*(one.entry for one in part), *beside(part, archive.words)])
        for one in part:
            made[one.item.id] = Made(outcome=Outcome(name=one.name, files=(name,)))
    return made


def _parts(packed: Sequence[Packed], archive: Archive) -> Iterator[Sequence[Packed]]:
    plan, by_name = _plan(packed, archive)
    for part in plan.parts:
        yield [by_name[entry.name] for entry in part if entry.name in by_name]


def _refused(packed: Sequence[Packed], archive: Archive) -> set[ItemId]:
    plan, by_name = _plan(packed, archive)
    return {by_name[entry.name].item.id for entry in plan.refused}


def _plan(packed: Sequence[Packed], archive: Archive) -> tuple[Parts, dict[str, Packed]]:
    by_name = {one.entry.name: one for one in packed}

    def extra(entries: Sequence[Entry]) -> Sequence[Entry]:
        return beside([by_name[entry.name] for entry in entries], archive.words)

    return plan_parts([one.entry for one in packed], extra, archive.most_bytes), by_name

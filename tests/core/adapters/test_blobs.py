"""What only the disk can do: modes, half-written files, a disk that is full or in the way."""

import errno
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.adapters.blobs import DiskBlobs
from core.errors import StoreDamaged, StoreFull, StoreUnwritable
from tests.fakes import png

HOUSE = Path(__file__).parents[3]
HOUR = 3600


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "data" / "images"


@pytest.fixture
def blobs(root: Path) -> DiskBlobs:
    disk = DiskBlobs(root)
    disk.open()
    return disk


@pytest.fixture
def open_umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_umask")
async def test_pictures_and_the_data_folder_are_their_owners_alone(root):
    blobs = DiskBlobs(root)
    blobs.open()
    path = blobs.path(await blobs.put(png()))
    assert [_mode(folder) for folder in (root.parent, root, path.parent)] == [0o700] * 3
    assert _mode(path) == 0o600


async def test_a_kept_file_is_never_written_again(blobs):
    path = blobs.path(await blobs.put(png()))
    os.utime(path, (1, 1))
    before = path.stat()
    await blobs.put(png())
    assert (path.stat().st_ino, path.stat().st_mtime) == (before.st_ino, 1)


async def test_the_bytes_and_the_names_of_file_and_folder_reach_the_disk(blobs, root, monkeypatch):
    synced = []
    real = os.fsync

    def fsync(handle: int) -> None:
        synced.append(os.fstat(handle).st_ino)
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    path = blobs.path(await blobs.put(png()))
    assert synced == [one.stat().st_ino for one in (root, path, path.parent)]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
async def test_a_full_disk_says_so_and_leaves_no_half_of_a_file(blobs, root, monkeypatch, code):
    await blobs.put(png())
    _fail(monkeypatch, code)
    with pytest.raises(StoreFull):
        await blobs.put(png(size=(9, 9)))
    await _only(blobs, root, png())


async def test_a_disk_that_fails_is_unwritable_and_no_half_of_a_file_is_left(
    blobs, root, monkeypatch
):
    await blobs.put(png())
    _fail(monkeypatch, errno.EIO)
    with pytest.raises(StoreUnwritable) as refused:
        await blobs.put(png(size=(9, 9)))
    assert refused.value.path == root
    await _only(blobs, root, png())


@pytest.mark.usefixtures("blobs")
def test_a_write_that_the_kernel_cuts_short_leaves_nothing_behind(root):
    program = f"""
import asyncio, resource, sys
from pathlib import Path
from core.adapters.blobs import DiskBlobs
from core.errors import StoreFull

sys.dont_write_bytecode = True  # Python would leave cut ones, unnoticed
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
try:
    asyncio.run(DiskBlobs(Path({str(root)!r})).put(bytes(100_000)))
except StoreFull:
    print("full")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=HOUSE, capture_output=True, text=True, check=True
    )
    assert done.stdout == "full\n"
    assert _files(root) == []


async def test_a_picture_that_failed_to_be_kept_can_be_kept_once_there_is_room(blobs, monkeypatch):
    with monkeypatch.context() as full:
        _fail(full, errno.ENOSPC)
        with pytest.raises(StoreFull):
            await blobs.put(png())
    assert await blobs.get(await blobs.put(png())) == png()


async def test_a_file_in_the_way_of_the_folder_is_reported_with_its_path(root):
    root.parent.mkdir(parents=True)
    root.write_text("no folder")
    with pytest.raises(StoreUnwritable) as refused:
        DiskBlobs(root).open()
    assert refused.value.path == root
    with pytest.raises(StoreUnwritable):
        await DiskBlobs(root).put(png())


def test_a_file_in_the_way_of_the_data_folder_is_reported(root):
    root.parent.write_text("no folder")
    with pytest.raises(StoreUnwritable):
        DiskBlobs(root).open()


async def test_a_file_that_is_gone_from_the_store_is_damage_with_its_path(blobs):
    name = await blobs.put(png())
    blobs.path(name).unlink()
    with pytest.raises(StoreDamaged) as refused:
        await blobs.get(name)
    assert refused.value.path == blobs.path(name)
    assert await blobs.put(png()) == name
    assert await blobs.get(name) == png()


async def test_opening_sweeps_what_a_killed_writer_left_but_nothing_that_is_being_written(
    blobs, root
):
    name = await blobs.put(png())
    folder = blobs.path(name).parent
    stale, young = folder / ".tmp-stale", folder / ".tmp-young"
    for file in (stale, young):
        file.write_bytes(b"half")
    for old in (stale, blobs.path(name)):
        os.utime(old, (time.time() - 2 * HOUR,) * 2)
    DiskBlobs(root).open()
    assert sorted(folder.iterdir()) == sorted([young, blobs.path(name)])


async def test_opening_minds_no_file_that_another_process_finishes_meanwhile(blobs, root):
    gone = blobs.path(await blobs.put(png())).parent / ".tmp-gone"
    gone.symlink_to("nowhere")  # listed, and not there when it is looked at
    DiskBlobs(root).open()
    assert await blobs.get(await blobs.put(png())) == png()


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def _fail(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    """The bytes of a file do not reach the disk; folders do."""
    real = os.fsync

    def fsync(handle: int) -> None:
        if stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(code, os.strerror(code))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)


def _files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


async def _only(blobs: DiskBlobs, root: Path, data: bytes) -> None:
    """The store holds just these bytes."""
    assert _files(root) == [blobs.path(await blobs.put(data))]

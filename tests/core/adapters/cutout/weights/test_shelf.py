import asyncio
import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from core.adapters.cutout.weights import disk, shelf
from core.errors import NoWeights, StoreFull, StoreUnwritable
from tests.core.adapters.cutout.weights.conftest import SMALL, installed, weights
from tests.core.adapters.http.conftest import local
from tests.servers.files import Files


def refusing(number: int) -> Callable[..., None]:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return refuse


class TestByHand:
    async def test_a_right_file_is_used(self, folder, report):
        folder.mkdir()
        (folder / "u2netp.onnx").write_bytes(SMALL)
        async with weights(folder) as ours:
            assert await ours.fetch("u2netp", report) == folder / "u2netp.onnx"
            assert installed(ours) == ["u2netp"]
        assert report == []

    async def test_it_is_read_once_and_not_by_a_later_start(self, folder, monkeypatch):
        folder.mkdir()
        (folder / "u2netp.onnx").write_bytes(SMALL)
        async with weights(folder) as ours:
            await ours.look()
        monkeypatch.setattr(shelf, "sha256_of", lambda _: pytest.fail("read again"))
        async with weights(folder) as later:
            assert installed(ours) == installed(later) == ["u2netp"]

    async def test_a_file_that_changed_is_read_again(self, folder):
        folder.mkdir()
        file = folder / "u2netp.onnx"
        file.write_bytes(SMALL)
        async with weights(folder) as ours:
            assert installed(ours) == ["u2netp"]
            file.write_bytes(b"x" * len(SMALL))
            os.utime(file, ns=(1, 1))
            assert installed(ours) == []

    async def test_what_is_noted_beside_it_may_be_damaged(self, folder):
        folder.mkdir()
        (folder / "u2netp.onnx").write_bytes(SMALL)
        (folder / ".u2netp.onnx.seen").write_bytes(b"\xff nonsense")
        async with weights(folder) as ours:
            assert installed(ours) == ["u2netp"]

    @pytest.mark.parametrize("body", [b"x" * len(SMALL), b"", SMALL[:-1]])
    async def test_a_wrong_file_is_not_used_and_not_lost(self, folder, report, body):
        folder.mkdir()
        (folder / "u2netp.onnx").write_bytes(body)
        async with local(Files(SMALL)) as server, weights(folder, server) as ours:
            assert installed(ours) == []
            path = await ours.fetch("u2netp", report)
        assert path.read_bytes() == SMALL
        assert (folder / "u2netp.onnx.wrong-1").read_bytes() == body

    async def test_a_wrong_file_stays_when_nobody_has_a_right_one(self, folder, report):
        folder.mkdir()
        (folder / "u2netp.onnx").write_bytes(b"mine")
        async with weights(folder) as ours:
            with pytest.raises(NoWeights):
                await ours.fetch("u2netp", report)
        assert (folder / "u2netp.onnx").read_bytes() == b"mine"

    async def test_a_folder_of_that_name_is_no_model(self, folder):
        (folder / "u2netp.onnx").mkdir(parents=True)
        async with weights(folder) as ours:
            assert installed(ours) == []

    async def test_a_folder_that_may_only_be_read_serves_as_well(
        self, folder, report, monkeypatch
    ):
        folder.mkdir()
        (folder / "u2netp.onnx").write_bytes(SMALL)
        monkeypatch.setattr(tempfile, "mkstemp", refusing(errno.EROFS))
        async with weights(folder) as ours:
            assert await ours.fetch("u2netp", report) == folder / "u2netp.onnx"
            monkeypatch.setattr(shelf, "sha256_of", lambda _: pytest.fail("read again"))
            assert installed(ours) == ["u2netp"]


class TestDisk:
    @pytest.fixture
    def free(self, monkeypatch):
        def say(free: int) -> None:
            usage = shutil.disk_usage("/")._replace(free=free)
            monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)

        return say

    async def test_without_room_nothing_is_asked(self, folder, report, free):
        free(len(SMALL) + 99)
        async with local(Files(SMALL)) as server, weights(folder, server, reserve=100) as ours:
            with pytest.raises(StoreFull):
                await ours.fetch("u2netp", report)
        assert server.requests == []

    async def test_what_is_here_needs_no_room_again(self, folder, report, free):
        folder.mkdir()
        (folder / ".u2netp.onnx.part").write_bytes(SMALL[:100])
        free(len(SMALL))
        async with local(Files(SMALL)) as server, weights(folder, server, reserve=100) as ours:
            assert await ours.fetch("u2netp", report) == folder / "u2netp.onnx"

    async def test_a_disk_that_fills_up_is_not_kept_full(self, tmp_path):
        """In a process of its own that may write no file longer than 64 KiB."""
        async with local(Files(SMALL)) as server:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-c",
                _LIMITED.format(url=server.url("/{file}"), port=server.port, folder=tmp_path),
                stdout=subprocess.PIPE,
                cwd=Path(disk.__file__).parents[4],
            )
            said, _ = await process.communicate()
        assert said.decode().split() == ["StoreFull"]
        assert [path.name for path in tmp_path.iterdir()] == [".u2netp.onnx.lock"]

    async def test_a_folder_that_cannot_be_made_is_told(self, tmp_path, report):
        (tmp_path / "file").write_bytes(b"")
        async with weights(tmp_path / "file" / "weights") as ours:
            with pytest.raises(StoreUnwritable):
                await ours.fetch("u2netp", report)

    async def test_a_disk_error_at_the_end_is_told(self, folder, report, monkeypatch):
        monkeypatch.setattr(shelf, "_sync", refusing(errno.ENOSPC))
        async with local(Files(SMALL)) as server, weights(folder, server) as ours:
            with pytest.raises(StoreFull):
                await ours.fetch("u2netp", report)
            assert installed(ours) == []


_LIMITED = """
import asyncio, resource, sys
from pathlib import Path
from core.adapters.cutout.weights import DiskWeights, Mirror
from core.adapters.http import Addresses, Clients
from core.errors import OmniImageError

async def report(progress): pass

async def main():
    clients = Clients(Addresses.of(["127.0.0.1:{port}"], []), proxy=None, limit=1)
    mirror = Mirror(clients=clients, template="{url}")
    try:
        await DiskWeights(Path("{folder}"), [mirror], better="").fetch("u2netp", report)
    except OmniImageError as error:
        print(type(error).__name__)
    await clients.close()

from core.adapters.cutout.weights import disk
from core.adapters.cutout.weights.catalog import Release
disk.RELEASES = (
    Release(name="u2netp", file="u2netp.onnx", bytes=300000, sha256="", licence=""),
)
sys.dont_write_bytecode = True  # Python would leave cut ones, unnoticed
resource.setrlimit(resource.RLIMIT_FSIZE, (2**16, 2**16))
asyncio.run(main())
"""

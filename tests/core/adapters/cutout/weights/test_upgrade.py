import asyncio
import shutil
import time
from types import SimpleNamespace

import pytest

from core.adapters.cutout.weights import DiskWeights, disk
from core.errors import UnknownWeights
from core.models.attempt import Progress
from tests.core.adapters.cutout.weights.conftest import LARGE, weights
from tests.core.adapters.http.conftest import local, says, until
from tests.servers import wire
from tests.servers.files import Files, stalls

GIB = 2**30


class TestPreference:
    async def test_the_better_model_is_preferred_once_it_is_here(self, folder):
        async with weights(folder) as ours:
            assert ours.preferred() == "u2netp"
            folder.mkdir()
            (folder / "u2net.onnx").write_bytes(LARGE)
            assert ours.preferred() == "u2net"
            assert [note.name for note in ours.notes() if note.preferred] == ["u2net"]

    async def test_the_setting_turns_it_off(self, folder, report):
        folder.mkdir()
        (folder / "u2net.onnx").write_bytes(LARGE)
        async with local(Files(LARGE)) as server, weights(folder, server, better="") as ours:
            await ours.upgrade(report)
            assert ours.preferred() == "u2netp"
        assert server.requests == []

    async def test_the_setting_names_a_model_of_the_list(self, folder):
        with pytest.raises(UnknownWeights):
            DiskWeights(folder, [], better="bria-rmbg")


class TestUpgrade:
    @pytest.fixture(autouse=True)
    def memory(self, monkeypatch):
        monkeypatch.setattr(disk, "total", lambda: 2 * GIB)

    async def test_the_better_model_is_fetched_once(self, folder, report):
        async with local(Files(LARGE)) as server, weights(folder, server) as ours:
            for _ in range(3):
                await ours.upgrade(report)
            assert ours.preferred() == "u2net"
        assert len(server.requests) == 1
        assert report[-1] == Progress(loading="u2net", share=1.0)

    async def test_a_failure_is_quiet_and_not_tried_again_at_once(self, folder, report):
        async with local(says(b"", 503)) as server, weights(folder, server) as ours:
            for _ in range(3):
                await ours.upgrade(report)
        assert len(server.requests) == 1

    async def test_an_hour_later_it_is_tried_again(self, folder, report, monkeypatch):
        async with local(says(b"", 503)) as server, weights(folder, server) as ours:
            await ours.upgrade(report)
            later = SimpleNamespace(monotonic=lambda: time.monotonic() + 3601)
            monkeypatch.setattr(disk, "time", later)
            await ours.upgrade(report)
        assert len(server.requests) == 2

    async def test_two_at_once_are_one(self, folder, report):
        async with local(Files(LARGE)) as server, weights(folder, server) as ours:
            await asyncio.gather(ours.upgrade(report), ours.upgrade(report))
        assert len(server.requests) == 1

    async def test_a_cancelled_one_is_taken_up_at_once(self, folder, report):
        files = Files(LARGE)

        def answer(request: wire.Request) -> wire.Answer:
            return files(request) if "range" in request.headers else stalls(LARGE[:9000], 400_000)

        part = folder / ".u2net.onnx.part"
        async with local(answer) as server, weights(folder, server) as ours:
            async with asyncio.TaskGroup() as group:
                upgrading = group.create_task(ours.upgrade(report))
                await until(lambda: part.exists() and part.stat().st_size == 9000)
                upgrading.cancel()
            await ours.upgrade(report)
            assert ours.preferred() == "u2net"

    @pytest.mark.parametrize("free", [0, 3 * len(LARGE) + 99])
    async def test_three_times_its_size_has_to_be_free(self, folder, report, monkeypatch, free):
        usage = shutil.disk_usage("/")._replace(free=free)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
        async with local(Files(LARGE)) as server, weights(folder, server, reserve=100) as ours:
            await ours.upgrade(report)
        assert server.requests == []

    async def test_a_small_machine_stays_with_the_small_model(self, folder, report, monkeypatch):
        monkeypatch.setattr(disk, "total", lambda: GIB)
        async with local(Files(LARGE)) as server, weights(folder, server) as ours:
            await ours.upgrade(report)
        assert server.requests == []

    async def test_where_nothing_says_how_much_memory_there_is_it_is_fetched(
        self, folder, report, monkeypatch
    ):
        monkeypatch.setattr(disk, "total", lambda: None)
        async with local(Files(LARGE)) as server, weights(folder, server) as ours:
            await ours.upgrade(report)
        assert len(server.requests) == 1

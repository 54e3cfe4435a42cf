import asyncio
from types import SimpleNamespace

import pytest
from filelock import FileLock

from core.adapters.cutout.weights import disk
from core.errors import NoWeights, UnknownWeights
from core.models.attempt import Progress
from tests.core.adapters.cutout.weights.conftest import SMALL, installed, names, sum_of, weights
from tests.core.adapters.http.conftest import local, says, until
from tests.servers import wire
from tests.servers.files import Files, stalls


class TestFetching:
    async def test_a_model_comes_from_the_mirror_under_its_release_name(self, folder, report):
        async with local(Files(SMALL)) as server, weights(folder, server) as ours:
            path = await ours.fetch("u2netp", report)
        assert path == folder / "u2netp.onnx"
        assert path.read_bytes() == SMALL
        assert [request.path for request in server.requests] == ["/v0/u2netp.onnx"]
        assert names(folder) == ["u2netp.onnx"]
        assert not list(folder.glob(".*.part*"))

    async def test_afterwards_nothing_is_asked(self, folder, report):
        async with local(Files(SMALL)) as server, weights(folder, server) as ours:
            first = await ours.fetch("u2netp", report)
        async with weights(folder) as later:
            assert await later.fetch("u2netp", report) == first
        assert len(server.requests) == 1

    async def test_a_long_file_name_is_asked_for_and_kept(self, folder, report):
        async with local(Files(b"birefnet" * 99)) as server, weights(folder, server) as ours:
            path = await ours.fetch("birefnet-general", report)
        assert path.name == "BiRefNet-general-epoch_244.onnx"
        assert server.requests[0].path == "/v0/BiRefNet-general-epoch_244.onnx"

    async def test_a_model_that_is_not_on_the_list_is_refused(self, folder, report):
        async with weights(folder) as ours:
            with pytest.raises(UnknownWeights) as refused:
                await ours.fetch("bria-rmbg", report)
        assert refused.value.known == ("u2netp", "u2net", "birefnet-general")
        assert not folder.exists()

    async def test_a_cut_line_is_taken_up_by_the_next_fetch(self, folder, report):
        files = Files(SMALL, cuts=[100_000])
        async with local(files) as server, weights(folder, server) as ours:
            with pytest.raises(NoWeights):
                await ours.fetch("u2netp", report)
            await ours.fetch("u2netp", report)
        assert sum(files.given) == len(SMALL)

    async def test_sources_that_all_failed_are_left_alone_for_a_while(self, folder, report):
        files = Files(SMALL, cuts=[100_000])
        async with local(files) as server, weights(folder, server, silence=60) as ours:
            for _ in range(3):
                with pytest.raises(NoWeights):
                    await ours.fetch("u2netp", report)
        assert len(files.given) == 1

    async def test_the_next_mirror_goes_on_where_the_first_was_cut(self, folder, report):
        first, second = Files(SMALL, cuts=[100_000]), Files(SMALL, etag='"two"')
        async with (
            local(first) as one,
            local(second) as two,
            weights(folder, one, two) as ours,
        ):
            await ours.fetch("u2netp", report)
        assert second.given == [200_000]

    @pytest.mark.parametrize(
        "bad",
        [
            says(b"", 404),
            wire.Reply(body=b"<html>log in</html>", kind="text/html"),
            wire.Reply(body=b"<html>log in</html>", kind="application/octet-stream", sized=False),
            Files(b"x" * len(SMALL)),
            Files(SMALL + b"more"),
            wire.Reply(body=SMALL * 2, kind="application/octet-stream", sized=False),
            stalls(b"x" * 1000, len(SMALL)),
            wire.hang,
            wire.reset,
        ],
        ids=[
            "404",
            "html",
            "html of no length",
            "another sum",
            "too long",
            "too long of no length",
            "stalls",
            "silent",
            "reset",
        ],
    )
    async def test_after_a_bad_mirror_the_next_one_is_asked(self, folder, report, bad):
        async with (
            local(bad) as one,
            local(Files(SMALL)) as two,
            weights(folder, one, two) as ours,
        ):
            path = await ours.fetch("u2netp", report)
        assert path.read_bytes() == SMALL
        assert one.requests
        assert names(folder) == ["u2netp.onnx"]

    async def test_a_good_mirror_is_not_blamed_for_what_a_bad_one_began(self, folder, report):
        async with (
            local(stalls(b"x" * 1000, len(SMALL))) as bad,
            local(Files(SMALL)) as good,
            weights(folder, bad, good) as ours,
        ):
            await ours.fetch("u2netp", report)
        asked = [request.headers.get("range") for request in good.requests]
        assert asked == ["bytes=1000-", None]

    async def test_when_nobody_answers_the_file_is_named(self, folder, report):
        async with local(says(b"", 503)) as server, weights(folder, server, server) as ours:
            with pytest.raises(NoWeights) as failed:
                await ours.fetch("u2netp", report)
        failure = failed.value
        assert (failure.file, failure.folder) == ("u2netp.onnx", folder)
        assert failure.checksum == f"sha256:{sum_of(SMALL)}"
        assert len(server.requests) == 2

    async def test_a_mirror_inside_is_not_dialled_unless_it_is_allowed(
        self, folder, report, listener
    ):
        sends_on = says(b"", 302, location=f"http://127.0.0.1:{listener.port}/")
        async with local(sends_on) as server, weights(folder, server) as ours:
            with pytest.raises(NoWeights):
                await ours.fetch("u2netp", report)
        assert listener.untouched

    async def test_cancelled_in_the_middle_it_is_taken_up_later(self, folder, report):
        files = Files(SMALL)

        def answer(request: wire.Request) -> wire.Answer:
            return files(request) if "range" in request.headers else stalls(SMALL[:9000], 300_000)

        part = folder / ".u2netp.onnx.part"
        async with local(answer) as server, weights(folder, server) as ours:
            async with asyncio.TaskGroup() as group:
                fetching = group.create_task(ours.fetch("u2netp", report))
                await until(lambda: part.exists() and part.stat().st_size == 9000)
                fetching.cancel()
            assert installed(ours) == []
            await ours.fetch("u2netp", report)
        assert files.given == [len(SMALL) - 9000]


class TestProgress:
    async def test_it_is_told_from_nothing_to_all(self, folder, report):
        async with local(Files(SMALL)) as server, weights(folder, server) as ours:
            await ours.fetch("u2netp", report)
        assert report[0] == Progress(loading="u2netp", share=0.0)
        assert report[-1] == Progress(loading="u2netp", share=1.0)

    async def test_a_resumed_one_begins_where_it_stands(self, folder, report):
        folder.mkdir()
        (folder / ".u2netp.onnx.part").write_bytes(SMALL[:150_000])
        async with local(Files(SMALL)) as server, weights(folder, server) as ours:
            await ours.fetch("u2netp", report)
        assert report[0].share == 0.5

    async def test_it_is_told_ten_times_a_second_at_most(self, releases, report, monkeypatch):
        clock = iter([0.0, 0.05, 0.09, 0.11, 0.15, 0.25])
        monkeypatch.setattr(disk, "time", SimpleNamespace(monotonic=lambda: next(clock)))
        telling = disk._Telling(releases[0], report)
        for here in range(0, 180_000, 30_000):
            await telling(here)
        assert [progress.share for progress in report] == [0.0, 0.3, 0.5]


class TestTwoAtOnce:
    async def test_a_file_is_fetched_once(self, folder, report):
        files = Files(SMALL)
        async with local(files) as server, weights(folder, server) as ours:
            both = await asyncio.gather(*(ours.fetch("u2netp", report) for _ in range(2)))
        assert set(both) == {folder / "u2netp.onnx"}
        assert files.given == [len(SMALL)]

    async def test_another_process_is_waited_for_and_its_progress_shown(self, folder, report):
        folder.mkdir()
        (folder / ".u2netp.onnx.part").write_bytes(SMALL[:150_000])
        async with weights(folder) as ours, asyncio.TaskGroup() as group:
            with FileLock(folder / ".u2netp.onnx.lock"):
                fetching = group.create_task(ours.fetch("u2netp", report))
                await until(lambda: bool(report))
                (folder / "u2netp.onnx").write_bytes(SMALL)
        assert report[0] == Progress(loading="u2netp", share=0.5)
        assert fetching.result() == folder / "u2netp.onnx"

"""What only the whole house shows."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from core.app import open_app
from core.config.settings import CutoutSetting, Settings, Storage
from core.errors import AlreadyRunning
from core.models.job import ToolRun
from core.models.tool import Brought, Cutout, ItemState, ToolRequest
from tests.bot.terminal.pictures import TINY, a_photo
from tests.core.adapters.http.conftest import local
from tests.fakes import FakeModels, at_once
from tests.houses import ASKER, finished, house, request
from tests.servers import wire


async def test_a_better_model_is_asked_for_after_the_first_cutout(tmp_path: Path):
    asked = asyncio.Event()
    paths: list[str] = []

    def answer(request: wire.Request) -> wire.Reply:
        paths.append(request.path)
        asked.set()
        return wire.Reply(status=404)

    photo = a_photo(tmp_path / "disc.png").read_bytes()
    (tmp_path / "u2netp.onnx").write_bytes(TINY.read_bytes())

    async def fetch(reference: str) -> bytes:
        del reference
        return photo

    async with local(answer) as server:
        settings = Settings(
            data_dir=tmp_path / "data",
            config_dir=tmp_path / "config",
            storage=Storage(min_free_mib=0),
            cutout=CutoutSetting(index=False, mirrors=(server.url("/{file}"),)),
        )
        async with open_app(settings, fetches={"chat": fetch}) as app:
            await app.weights.install(tmp_path / "u2netp.onnx", trust=True)
            assert paths == []
            source = Brought(front_end="chat", reference="x", name="x.png")
            job, _ = await app.jobs.submit(ASKER, ToolRequest(tool=Cutout(), sources=(source,)))
            states = [state async for state in app.jobs.watch(job.id, ToolRun)]
            assert [item.state for item in states[-1].items] == [ItemState.DONE]
            await asyncio.wait_for(asked.wait(), 30)
    assert paths == ["/u2net.onnx"]


async def test_one_house_is_alone_and_others_are_open_beside_it(tmp_path: Path):
    models = FakeModels({"good": at_once})
    async with house(tmp_path, models, alone=True) as app, house(tmp_path, models) as beside:
        with pytest.raises(AlreadyRunning) as refused:
            async with house(tmp_path, models, alone=True):
                pass
        assert refused.value.path == tmp_path
        for one in (app, beside):
            job, _ = await one.jobs.submit(ASKER, request("good"))
            await finished(one, job.id)
    async with house(tmp_path, models, alone=True):
        pass


def test_the_house_itself_loads_nothing_that_paints_or_cuts():
    """The child process does; a bot on a small server must not carry both."""
    heavy = ("onnxruntime", "rembg", "numba", "scipy", "numpy", "litellm", "pymatting")
    code = f"import sys, core.app; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

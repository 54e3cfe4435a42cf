import asyncio
import time

import pytest

from core.adapters.sqlite.database import connected
from core.errors import UnknownId
from core.ids import PanelId
from tests.fakes import FakeModels
from tests.houses import ANN, BEN, house

MONTH = 31 * 86_400


async def test_what_was_put_into_a_panel_is_there_after_a_restart(tmp_path):
    async with house(tmp_path, FakeModels({})) as app:
        made = await app.panels.add(ANN, "history", '{"search": "狐狸", "page": 2}')
    async with house(tmp_path, FakeModels({})) as app:
        assert await app.panels.find(ANN, made.id) == made
    assert (made.owner, made.place, made.kind) == (ANN.owner, ANN.place, "history")
    assert len(made.id) == 20


async def test_only_its_owner_finds_a_panel(tmp_path):
    async with house(tmp_path, FakeModels({})) as app:
        made = await app.panels.add(ANN, "picks", "")
        for asker, panel in ((BEN, made.id), (ANN, PanelId("nothing"))):
            with pytest.raises(UnknownId):
                await app.panels.find(asker, panel)
            with pytest.raises(UnknownId):
                await app.panels.change(asker, panel, lambda _: "theirs")
        assert (await app.panels.find(ANN, made.id)).content == ""


async def test_changes_at_the_same_time_lose_nothing(tmp_path):
    async with house(tmp_path, FakeModels({})) as app:
        made = await app.panels.add(ANN, "picks", "")
        await asyncio.gather(
            *(app.panels.change(ANN, made.id, lambda text: f"{text}x") for _ in range(20))
        )
        assert (await app.panels.find(ANN, made.id)).content == "x" * 20


async def test_a_panel_lives_for_thirty_days(tmp_path):
    async with house(tmp_path, FakeModels({})) as app:
        old = await app.panels.add(ANN, "old", "")
        new = await app.panels.add(ANN, "new", "")
    async with connected(tmp_path / "omniimage.db") as database, database.write() as tx:
        await tx.run("update panels set created = ? where id = ?", time.time() - MONTH, old.id)
    async with house(tmp_path, FakeModels({})) as app:
        assert await app.panels.find(ANN, new.id) == new
        with pytest.raises(UnknownId):
            await app.panels.find(ANN, old.id)

import asyncio
import sqlite3
import stat

import pytest

from core.adapters.sqlite.database import connected
from core.errors import StoreDamaged, StoreFull, StoreLocked, StoreUnwritable


async def test_what_a_block_raises_undoes_all_of_it(tmp_path):
    async with connected(tmp_path / "a.db") as database:
        async with database.write() as tx:
            await tx.run("create table t (n bigint)")
        with pytest.raises(RuntimeError):
            async with database.write() as tx:
                await tx.run("insert into t values (1)")
                raise RuntimeError
        assert await database.rows("select * from t") == []


async def test_a_cancelled_transaction_leaves_no_lock_and_no_row(tmp_path):
    async with connected(tmp_path / "a.db") as database:
        async with database.write() as tx:
            await tx.run("create table t (n bigint)")

        async def writes() -> None:
            async with database.write() as tx:
                for number in range(100_000):
                    await tx.run("insert into t values (?)", number)

        for turns in (1, 2, 3, 5, 8, 13):
            async with asyncio.TaskGroup() as group:
                task = group.create_task(writes())
                for _ in range(turns):
                    await asyncio.sleep(0.001)
                task.cancel()
        async with database.write() as tx:
            await tx.run("insert into t values (-1)")
        assert [row["n"] for row in await database.rows("select n from t")] == [-1]


async def test_concurrent_read_modify_writes_lose_nothing(tmp_path):
    path = tmp_path / "a.db"
    async with connected(path) as one, connected(path) as two:
        async with one.write() as tx:
            await tx.run("create table t (n bigint)")
            await tx.run("insert into t values (0)")

        async def add(database) -> None:
            async with database.write() as tx:
                row = await tx.row("select n from t")
                await tx.run("update t set n = ?", row["n"] + 1)

        await asyncio.gather(*(add(database) for database in (one, two) for _ in range(20)))
        row = await one.row("select n from t")
        assert row is not None
        assert row["n"] == 40


async def test_the_file_belongs_to_its_owner_alone(tmp_path):
    async with connected(tmp_path / "data" / "a.db") as database:
        async with database.write() as tx:
            await tx.run("create table t (n bigint)")
        modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


async def test_a_locked_database_is_waited_for_and_then_said(tmp_path):
    path = tmp_path / "a.db"
    async with connected(path, busy=0.05) as database:
        with sqlite3.connect(path) as holder:
            holder.execute("begin immediate")
            with pytest.raises(StoreLocked):
                async with database.write():
                    pass
            holder.rollback()
        holder.close()
        async with database.write() as tx:
            await tx.run("create table t (n bigint)")


async def test_a_full_database_is_said_and_stays_readable(tmp_path):
    async with connected(tmp_path / "a.db") as database:
        async with database.write() as tx:
            await tx.run("create table t (n blob)")
            await tx.run("insert into t values (?)", b"kept")
            await tx.rows("pragma max_page_count = 4")
        with pytest.raises(StoreFull):
            async with database.write() as tx:
                await tx.run("insert into t values (?)", b"x" * 100_000)
        assert [row["n"] for row in await database.rows("select n from t")] == [b"kept"]


async def test_what_is_no_database_is_said(tmp_path):
    (tmp_path / "a.db").write_bytes(b"something else" * 1000)
    with pytest.raises(StoreDamaged):
        async with connected(tmp_path / "a.db"):
            pass


async def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnwritable):
        async with connected(tmp_path / "file" / "a.db"):
            pass

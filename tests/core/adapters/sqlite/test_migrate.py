import asyncio
import sqlite3
import stat

import pytest

from core.adapters.sqlite.database import connected
from core.adapters.sqlite.migrate import Migration, migrate, shipped
from core.errors import NewerSchema

FIRST = Migration(number=1, sql="create table t (n bigint);\ninsert into t values (1);\n")
SECOND = Migration(number=2, sql="alter table t add column m bigint default 5;\n")
BROKEN = Migration(number=3, sql="insert into t values (2, 2);\ninsert into nowhere values (1);\n")


async def test_migrations_run_once_and_in_order(tmp_path):
    for _ in range(2):
        async with connected(tmp_path / "a.db") as database:
            await migrate(database, tmp_path / "backups", [FIRST, SECOND])
            [row] = await database.rows("select n, m from t")
            assert (row["n"], row["m"]) == (1, 5)


async def test_a_new_database_needs_no_backup_and_a_used_one_gets_one(tmp_path):
    backups = tmp_path / "backups"
    async with connected(tmp_path / "a.db") as database:
        await migrate(database, backups, [FIRST])
    assert not backups.exists()
    async with connected(tmp_path / "a.db") as database:
        await migrate(database, backups, [FIRST, SECOND])
    [backup] = backups.iterdir()
    assert backup.name.startswith("before-0002-")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with sqlite3.connect(backup) as copy:
        assert copy.execute("select * from t").fetchall() == [(1,)]
    copy.close()


async def test_a_migration_that_fails_changes_nothing(tmp_path):
    async with connected(tmp_path / "a.db") as database:
        with pytest.raises(sqlite3.OperationalError):
            await migrate(database, tmp_path / "backups", [FIRST, SECOND, BROKEN])
        rows = await database.rows("select n from t")
        assert [row["n"] for row in rows] == [1]
        await migrate(database, tmp_path / "backups", [FIRST, SECOND])


async def test_a_database_of_a_newer_release_is_refused(tmp_path):
    async with connected(tmp_path / "a.db") as database:
        await migrate(database, tmp_path / "backups", [FIRST, SECOND])
        with pytest.raises(NewerSchema) as refused:
            await migrate(database, tmp_path / "backups", [FIRST])
    assert (refused.value.found, refused.value.known) == (2, 1)


async def test_processes_that_start_together_migrate_once(tmp_path):
    path = tmp_path / "a.db"
    async with connected(path) as one, connected(path) as two, connected(path) as three:
        await asyncio.gather(
            *(migrate(database, tmp_path / "backups", [FIRST]) for database in (one, two, three))
        )
        assert len(await one.rows("select * from t")) == 1


async def test_the_shipped_migrations_are_numbered_without_a_gap(tmp_path):
    migrations = shipped()
    assert [one.number for one in migrations] == list(range(1, len(migrations) + 1))
    async with connected(tmp_path / "a.db") as database:
        await migrate(database, tmp_path / "backups", migrations)
        assert await database.rows("pragma foreign_key_check") == []

import asyncio
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from core.adapters.sqlite.database import Database
from core.errors import NewerSchema
from core.ids import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    number: int
    sql: str


def shipped() -> tuple[Migration, ...]:
    """The migrations of this release: files `0001_name.sql`, numbered without a gap."""
    folder = resources.files("core.adapters.sqlite") / "migrations"
    files = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    return tuple(
        Migration(number=int(name[:4]), sql=(folder / name).read_text("utf-8")) for name in files
    )


async def migrate(database: Database, backups: Path, migrations: Sequence[Migration]) -> None:
    """Bring the schema up to date; before each change of a used database a whole copy is kept."""
    known = migrations[-1].number
    version = await _version(database)
    if version > known:
        raise NewerSchema(found=version, known=known)
    for migration in migrations[version:]:
        if version:  # what has just been made holds nothing that could be lost
            await _back_up(database, backups, migration)
        await _apply(database, migration)


async def _version(database: Database) -> int:
    table = "select 1 from sqlite_master where type = 'table' and name = 'migrations'"
    if await database.row(table) is None:
        return 0
    row = await database.row("select max(number) as number from migrations")
    return int(row["number"]) if row else 0


async def _apply(database: Database, migration: Migration) -> None:
    async with database.write() as tx:
        await tx.run(
            "create table if not exists migrations (number bigint primary key, "
            "applied double precision not null)"
        )
        if await tx.row("select 1 from migrations where number = ?", migration.number):
            return  # another process was faster
        for statement in _statements(migration.sql):
            await tx.run(statement)
        await tx.run("insert into migrations values (?, ?)", migration.number, time.time())


async def _back_up(database: Database, backups: Path, migration: Migration) -> None:
    """`vacuum into` sees one consistent state while others write; a copied file does not."""
    name = f"before-{migration.number:04}-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}.db"
    temporary = backups / f".tmp-{new_id()}"  # another process may be doing the same
    await asyncio.to_thread(_clear, temporary)
    await database.rows("vacuum into ?", str(temporary))
    await asyncio.to_thread(temporary.replace, backups / name)


def _clear(temporary: Path) -> None:
    """An empty file of the owner's alone; `vacuum into` takes one, and keeps its mode."""
    temporary.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary.unlink(missing_ok=True)
    temporary.touch(mode=0o600)


def _statements(sql: str) -> Iterator[str]:
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""

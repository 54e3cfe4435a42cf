import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiosqlite

from core.errors import StoreDamaged, StoreFull, StoreLocked, StoreUnwritable

Value = str | int | float | bytes | None
Row = sqlite3.Row

BUSY = 5.0  # seconds to wait for another program's write
_PRAGMAS = (
    "pragma journal_mode = wal",
    "pragma synchronous = full",
    "pragma foreign_keys = on",
    "pragma secure_delete = on",  # what is forgotten is overwritten, not only unlinked
    "pragma journal_size_limit = 67108864",
)
# SQLite's primary result codes, the low byte of the extended ones.
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
_UNWRITABLE = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}
_DAMAGED = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}


class Database:
    """One writing connection behind a lock, and one for reads.

    A shared connection would take a second task's write into the open transaction and lose it
    with the rollback. Cancelling is safe: what was begun on a connection's thread runs in order.
    """

    def __init__(
        self, path: Path, writer: aiosqlite.Connection, reader: aiosqlite.Connection
    ) -> None:
        self._path = path
        self._writer = writer
        self._reader = reader
        self._lock = asyncio.Lock()

    async def rows(self, sql: str, *args: Value) -> Sequence[Row]:
        with translated(self._path):
            return list(await self._reader.execute_fetchall(sql, args))

    async def row(self, sql: str, *args: Value) -> Row | None:
        rows = await self.rows(sql, *args)
        return rows[0] if rows else None

    @asynccontextmanager
    async def write(self) -> AsyncIterator["Transaction"]:
        """One transaction: committed at the end of the block, undone by whatever it raises."""
        async with self._lock:
            with translated(self._path):
                try:
                    await self._writer.execute("begin immediate")
                    yield Transaction(self._writer)
                    await self._writer.execute("commit")
                except BaseException:
                    await self._undo()
                    raise

    async def _undo(self) -> None:
        try:
            await self._writer.execute("rollback")
        except sqlite3.OperationalError:
            return  # SQLite had undone it itself, or the commit went through


class Transaction:
    """What a block of `Database.write` works with."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def run(self, sql: str, *args: Value) -> int:
        """Execute and return the number of rows changed."""
        cursor = await self._connection.execute(sql, args)
        return cursor.rowcount

    async def run_many(self, sql: str, rows: Iterable[tuple[Value, ...]]) -> None:
        await self._connection.executemany(sql, rows)

    async def rows(self, sql: str, *args: Value) -> Sequence[Row]:
        return list(await self._connection.execute_fetchall(sql, args))

    async def row(self, sql: str, *args: Value) -> Row | None:
        rows = await self.rows(sql, *args)
        return rows[0] if rows else None


@asynccontextmanager
async def connected(path: Path, *, busy: float | None = None) -> AsyncIterator[Database]:
    """Open both connections. The file is the owner's alone (0600); WAL files inherit that."""
    with translated(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    async with AsyncExitStack() as stack:
        connections = []
        for _ in range(2):
            with translated(path):
                opening = aiosqlite.connect(
                    path, timeout=BUSY if busy is None else busy, isolation_level=None
                )
                connection: Any = await stack.enter_async_context(opening)
                connection.row_factory = sqlite3.Row
                for pragma in _PRAGMAS:
                    await connection.execute(pragma)
            connections.append(connection)
        yield Database(path, *connections)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what SQLite and the file system say into our own errors."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _LOCKED:
            raise StoreLocked from error
        if code in _FULL:
            raise StoreFull from error
        if code in _UNWRITABLE:
            raise StoreUnwritable(path=path) from error
        if code in _DAMAGED:
            raise StoreDamaged(path=path) from error
        raise
    except OSError as error:
        raise StoreUnwritable(path=path) from error

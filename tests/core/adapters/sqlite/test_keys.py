import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from core.adapters.sqlite.database import Database, connected
from core.adapters.sqlite.keys import SqliteKeys
from core.adapters.sqlite.migrate import migrate, shipped
from core.ids import LOCAL, OwnerId, ProviderId
from core.models.key import KeyNote
from core.ports.keys import SealedKey

ANN, BEN = OwnerId("discord:user:1"), OwnerId("telegram:user:1")
OPENAI, XAI = ProviderId("openai"), ProviderId("xai")


def sealed(
    owner: OwnerId = ANN,
    provider: ProviderId = OPENAI,
    token: bytes = b"\x01\x00\xff",
    base_url: str | None = None,
) -> SealedKey:
    note = KeyNote(provider=provider, last_four="cdef", base_url=base_url, added=12.5)
    return SealedKey(owner=owner, note=note, sealed=token)


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with connected(tmp_path / "a.db") as database:
        await migrate(database, tmp_path / "backups", shipped())
        yield database


@pytest.fixture
def keys(database: Database) -> SqliteKeys:
    return SqliteKeys(database)


def made(key: SealedKey, check: bytes) -> Callable[[], tuple[SealedKey, bytes]]:
    return lambda: (key, check)


async def test_a_key_comes_back_as_it_was_put(keys: SqliteKeys):
    key = sealed(base_url="https://example.com/v1")
    await keys.put(made(key, b"check"))
    assert await keys.get(ANN, OPENAI) == key
    assert await keys.get(BEN, OPENAI) is None
    assert await keys.get(ANN, XAI) is None


async def test_a_second_key_replaces_the_first_whole(keys: SqliteKeys):
    await keys.put(made(sealed(base_url="https://example.com/v1"), b"check"))
    await keys.used(ANN, OPENAI)
    await keys.put(made(sealed(token=b"other"), b"later check"))
    assert await keys.all(ANN) == [sealed(token=b"other")]
    assert await keys.check() == b"later check"


async def test_each_owner_sees_only_their_own_in_the_order_of_providers(keys: SqliteKeys):
    for key in (sealed(provider=XAI), sealed(), sealed(BEN, XAI), sealed(LOCAL)):
        await keys.put(made(key, b"check"))
    assert await keys.all(ANN) == [sealed(), sealed(provider=XAI)]
    assert await keys.all(BEN) == [sealed(BEN, XAI)]
    assert await keys.all(OwnerId("discord:user:")) == []


async def test_use_is_noted_for_the_one_key_alone(keys: SqliteKeys):
    for key in (sealed(), sealed(provider=XAI), sealed(BEN)):
        await keys.put(made(key, b"check"))
    before = time.time()
    await keys.used(ANN, OPENAI)
    openai, xai = await keys.all(ANN)
    assert openai.note.used is not None
    assert before <= openai.note.used <= time.time()
    [ben] = await keys.all(BEN)
    assert (xai.note.used, ben.note.used) == (None, None)


async def test_to_forget_tells_how_many_and_touches_no_other_owner(keys: SqliteKeys):
    for key in (sealed(), sealed(provider=XAI), sealed(BEN)):
        await keys.put(made(key, b"check"))
    assert await keys.forget(ANN, ProviderId("recraft")) == 0
    assert await keys.forget(ANN, OPENAI) == 1
    assert await keys.all(ANN) == [sealed(provider=XAI)]
    await keys.put(made(sealed(), b"check"))
    assert await keys.forget(ANN, None) == 2
    assert await keys.forget(ANN, None) == 0
    assert await keys.all(BEN) == [sealed(BEN)]


async def test_there_is_a_check_exactly_as_long_as_there_are_keys(keys: SqliteKeys):
    assert await keys.check() is None
    await keys.put(made(sealed(), b"check"))
    await keys.put(made(sealed(BEN), b"check"))
    await keys.forget(ANN, None)
    assert await keys.check() == b"check"
    await keys.forget(BEN, OPENAI)
    assert await keys.check() is None


async def test_all_owners_keys_are_sealed_anew_together_with_the_check(keys: SqliteKeys):
    for key in (sealed(token=b"a"), sealed(BEN, token=b"b", base_url="https://b.example")):
        await keys.put(made(key, b"check"))
    assert await keys.reseal(lambda key: key.sealed + key.owner.encode(), b"new check") == 2
    [ann], [ben] = await keys.all(ANN), await keys.all(BEN)
    assert ann == sealed(token=b"a" + ANN.encode())
    assert ben == sealed(BEN, token=b"b" + BEN.encode(), base_url="https://b.example")
    assert await keys.check() == b"new check"


async def test_one_key_that_cannot_be_sealed_anew_undoes_all_of_it(keys: SqliteKeys):
    for key in (sealed(), sealed(BEN)):
        await keys.put(made(key, b"check"))
    left = [b"new"]
    with pytest.raises(IndexError):
        await keys.reseal(lambda _: left.pop(), b"new check")
    assert await keys.all(ANN) == [sealed()]
    assert await keys.all(BEN) == [sealed(BEN)]
    assert await keys.check() == b"check"


async def test_what_is_forgotten_is_overwritten_in_the_file(tmp_path: Path):
    token = b"a token that is looked for " * 40
    async with connected(tmp_path / "a.db") as database:
        await migrate(database, tmp_path / "backups", shipped())
        keys = SqliteKeys(database)
        await keys.put(made(sealed(token=token), b"check"))
        await keys.forget(ANN, OPENAI)
    assert token[:54] not in (tmp_path / "a.db").read_bytes()

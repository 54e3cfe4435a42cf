import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from core.adapters.sqlite.database import Database, connected
from core.adapters.sqlite.keys import SqliteKeys
from core.adapters.sqlite.migrate import migrate, shipped
from core.adapters.vault import Vault
from core.errors import (
    BadBaseUrl,
    EmptyKey,
    KeyNotNeeded,
    MasterKeyMissing,
    MasterKeyWrong,
    SealBroken,
    UnknownProvider,
)
from core.ids import LOCAL, ProviderId
from core.models.provider import Provider
from core.usecases.keys import Keys
from tests.houses import ANN, ASKER, BEN

OPENAI, CUSTOM, OTHER = ProviderId("openai"), ProviderId("custom"), ProviderId("other")
PLAIN, DEMO = ProviderId("plain"), ProviderId("demo")
PROVIDERS = {
    one.id: one
    for one in (
        Provider(id=OPENAI, takes_base_url=True, base_url="https://api.openai.com/v1"),
        Provider(id=OTHER, takes_base_url=True, base_url="https://api.other.com/v1"),
        Provider(id=CUSTOM, takes_base_url=True, base_url=None),
        Provider(id=PLAIN, base_url="https://api.plain.com/v1"),
        Provider(id=DEMO, takes_key=False, needs_key=False),
    )
}
ALLOW = ("127.0.0.1:8188", "Models.lan:80", "[fd00::1]:8000")
SECRET = "sk-proj-of-nobody-0123456789"  # noqa: S105
SERVER = "https://server.example.com/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The use case over a real database and a real vault, and what a thief could reach."""

    keys: Keys
    database: Database
    master: Path

    async def sql(self, statement: str, *args: str) -> int:
        async with self.database.write() as tx:
            return await tx.run(statement, *args)


@asynccontextmanager
async def opened(folder: Path, allow: Sequence[str] = ALLOW) -> AsyncIterator[House]:
    master = folder / "config" / "master.key"
    vault = Vault(text=None, file=None, default=master)
    async with connected(folder / "data" / "a.db") as database:
        await migrate(database, folder / "backups", shipped())
        keys = Keys(SqliteKeys(database), vault, PROVIDERS, allow)
        yield House(keys=keys, database=database, master=master)


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with opened(tmp_path) as house:
        yield house


async def test_a_key_that_was_set_opens_for_its_owner_alone(house: House):
    before = time.time()
    note = await house.keys.set(ANN, OPENAI, SECRET, None)
    assert (note.provider, note.last_four, note.base_url) == (OPENAI, "6789", None)
    assert before <= note.added <= time.time()
    key = await house.keys.open(ANN.owner, OPENAI)
    assert key is not None
    assert (key.secret, key.base_url, key.reach) == (SECRET, None, None)
    assert await house.keys.open(BEN.owner, OPENAI) is None
    assert await house.keys.open(ANN.owner, OTHER) is None


@pytest.mark.parametrize(
    ("url", "reach"),
    [
        ("http://127.0.0.1:8188/v1", "127.0.0.1:8188"),
        ("https://localhost/v1", "localhost:443"),
        ("http://[::1]:9000", "::1:9000"),
        ("https://127.evil.example.com/v1", None),
        (SERVER, None),
        (None, None),
    ],
)
async def test_only_the_operators_key_reaches_his_own_machine(
    house: House, url: str | None, reach: str | None
):
    await house.keys.set(ASKER, OPENAI, SECRET, url)
    key = await house.keys.open(LOCAL, OPENAI)
    assert key is not None
    assert key.reach == reach


async def test_another_owners_key_reaches_no_inner_server_by_itself(house: House):
    await house.keys.set(ANN, OPENAI, SECRET, "http://127.0.0.1:8188/v1")
    key = await house.keys.open(ANN.owner, OPENAI)
    assert key is not None
    assert key.reach is None


async def test_two_owners_with_the_same_key_have_nothing_in_common_on_disk(house: House):
    for asker in (ANN, BEN):
        await house.keys.set(asker, OPENAI, SECRET, None)
    rows = await house.database.rows("select sealed from keys")
    assert len({bytes(row["sealed"])[5:] for row in rows}) == 2


async def test_the_list_shows_what_may_be_shown_and_when_it_was_used(house: House):
    await house.keys.set(ANN, OPENAI, SECRET, None)
    await house.keys.set(ANN, CUSTOM, SECRET[::-1], SERVER)
    custom, openai = await house.keys.list(ANN)
    assert (custom.provider, custom.last_four, custom.base_url) == (CUSTOM, SECRET[3::-1], SERVER)
    assert (custom.used, openai.used) == (None, None)
    assert SECRET not in repr([custom, openai])
    before = time.time()
    await house.keys.open(ANN.owner, OPENAI)
    custom, openai = await house.keys.list(ANN)
    assert openai.used is not None
    assert before <= openai.used <= time.time()
    assert custom.used is None
    assert await house.keys.list(BEN) == []


async def test_a_key_in_steady_use_is_noted_once_a_minute(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    await house.keys.set(ANN, OPENAI, SECRET, None)
    noted = []
    for now in (1000.0, 1030.0, 1059.0, 1061.0, 1062.0):
        monkeypatch.setattr(time, "time", lambda now=now: now)
        await house.keys.open(ANN.owner, OPENAI)
        [note] = await house.keys.list(ANN)
        noted.append(note.used)
    assert noted == [1000.0, 1000.0, 1000.0, 1061.0, 1061.0]


async def test_to_forget_one_or_all_touches_only_ones_own(house: House):
    for asker, provider in ((ANN, OPENAI), (ANN, OTHER), (ANN, PLAIN), (BEN, OPENAI)):
        await house.keys.set(asker, provider, SECRET, None)
    assert await house.keys.forget(ANN, OPENAI) == 1
    assert await house.keys.forget(ANN, OPENAI) == 0
    assert await house.keys.open(ANN.owner, OPENAI) is None
    assert await house.keys.forget(ANN, None) == 2
    assert await house.keys.list(ANN) == []
    assert await house.keys.open(BEN.owner, OPENAI) is not None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("owner", BEN.owner),
        ("provider", OTHER),
        ("base_url", None),
        ("base_url", "http://server.example.com/v1"),
        ("base_url", "https://server.example.com:8443/v1"),
        ("base_url", "https://evil.example.com/v1"),
        ("base_url", "https://server.example.com.evil.com/v1"),
    ],
)
async def test_a_row_that_was_moved_does_not_open(house: House, column: str, value: str):
    await house.keys.set(ANN, CUSTOM, SECRET, SERVER)
    assert await house.sql(f"update keys set {column} = ?", value) == 1  # noqa: S608 - of above
    [row] = await house.database.rows("select owner, provider from keys")
    with pytest.raises(SealBroken):
        await house.keys.open(row["owner"], row["provider"])


async def test_a_row_without_an_address_opens_at_none(house: House):
    """The worst theft: a key of the real provider, called to a thief's own server."""
    await house.keys.set(ANN, OPENAI, SECRET, None)
    await house.sql("update keys set base_url = 'https://thief.example.com/v1'")
    with pytest.raises(SealBroken):
        await house.keys.open(ANN.owner, OPENAI)


async def test_a_token_of_one_row_does_not_open_in_another(house: House):
    await house.keys.set(ANN, OPENAI, SECRET, None)
    await house.keys.set(BEN, OPENAI, "sk-another-of-nobody", None)
    taken = "update keys set sealed = (select sealed from keys where owner = ?) where owner = ?"
    await house.sql(taken, ANN.owner, BEN.owner)
    with pytest.raises(SealBroken):
        await house.keys.open(BEN.owner, OPENAI)


async def test_another_address_takes_the_key_again_and_replaces_both(house: House):
    await house.keys.set(ANN, CUSTOM, SECRET, SERVER)
    await house.keys.open(ANN.owner, CUSTOM)
    with pytest.raises(EmptyKey):
        await house.keys.set(ANN, CUSTOM, "", "https://elsewhere.example.com/v1")
    [note] = await house.keys.list(ANN)
    assert note.base_url == SERVER
    await house.keys.set(ANN, CUSTOM, "sk-for-elsewhere", "https://elsewhere.example.com/v1")
    key = await house.keys.open(ANN.owner, CUSTOM)
    assert key is not None
    assert (key.secret, key.base_url) == ("sk-for-elsewhere", "https://elsewhere.example.com/v1")
    await house.keys.set(ANN, CUSTOM, SECRET, SERVER)
    [note] = await house.keys.list(ANN)
    assert (note.base_url, note.used) == (SERVER, None)


@pytest.mark.parametrize("typed", [f" {SECRET}\n", f"\t{SECRET}\r\n", SECRET])
async def test_space_around_a_key_is_taken_off(house: House, typed: str):
    await house.keys.set(ANN, OPENAI, typed, None)
    key = await house.keys.open(ANN.owner, OPENAI)
    assert key is not None
    assert key.secret == SECRET


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  \n",
        "two words",
        "a\tb",
        "a\nb",
        "a\x00b",
        "a\x1b[0mb",
        "a\x7fb",
        "a\u200bb",
        "\udcff",
        "ü",
    ],
)
async def test_what_cannot_be_a_key_is_refused_and_nothing_is_kept(house: House, typed: str):
    with pytest.raises(EmptyKey) as raised:
        await house.keys.set(ANN, OPENAI, typed, None)
    assert raised.value.provider == OPENAI
    assert await house.keys.list(ANN) == []
    assert not house.master.exists()


@pytest.mark.parametrize("secret", ["a", "abcd", "abcdefgh"])
async def test_the_last_four_signs_of_a_short_key_are_not_told(house: House, secret: str):
    note = await house.keys.set(ANN, OPENAI, secret, None)
    assert note.last_four == "****"
    assert (await house.keys.set(ANN, OPENAI, "abcdefghi", None)).last_four == "fghi"


async def test_unknown_providers_and_those_that_take_no_key_are_refused(house: House):
    with pytest.raises(UnknownProvider) as unknown:
        house.keys.check(ANN, ProviderId("opnai"), None)
    assert unknown.value.known == tuple(PROVIDERS)
    with pytest.raises(KeyNotNeeded):
        house.keys.check(ANN, DEMO, None)
    for name, refusal in (("opnai", UnknownProvider), ("demo", KeyNotNeeded)):
        with pytest.raises(refusal):
            await house.keys.set(ANN, ProviderId(name), SECRET, None)


@pytest.mark.parametrize(
    ("provider", "url", "problem"),
    [
        (CUSTOM, None, "missing"),
        (PLAIN, SERVER, "not_taken"),
        (OPENAI, "", "invalid"),
        (OPENAI, "server.example.com/v1", "invalid"),
        (OPENAI, "//server.example.com/v1", "invalid"),
        (OPENAI, "https:///v1", "invalid"),
        (OPENAI, "https://:443/v1", "invalid"),
        (OPENAI, "ftp://server.example.com", "invalid"),
        (OPENAI, "file:///etc/passwd", "invalid"),
        (OPENAI, "unix:///run/docker.sock", "invalid"),
        (OPENAI, "javascript:alert(1)", "invalid"),
        (OPENAI, "https://user@server.example.com/v1", "invalid"),
        (OPENAI, "https://user:word@server.example.com/v1", "invalid"),
        (OPENAI, "https://@server.example.com/v1", "invalid"),
        (OPENAI, "https://good.example.com\\@evil.example.com/v1", "invalid"),
        (OPENAI, "https://server.example.com\\v1", "invalid"),
        (OPENAI, "https://server.example.com/v1?key=1", "invalid"),
        (OPENAI, "https://server.example.com/v1?", "invalid"),
        (OPENAI, "https://server.example.com/v1#there", "invalid"),
        (OPENAI, "https://server.example.com/v1#", "invalid"),
        (OPENAI, "https://server.example.com:0/v1", "invalid"),
        (OPENAI, "https://server.example.com:65536/v1", "invalid"),
        (OPENAI, "https://server.example.com:https/v1", "invalid"),
        (OPENAI, "https://[::1/v1", "invalid"),
        (OPENAI, "https://server.exa mple.com/v1", "invalid"),
        (OPENAI, "https://server.exa\nmple.com/v1", "invalid"),
        (OPENAI, "https://server.example.com/v1\r\nhost: evil", "invalid"),
        (OPENAI, "http://server.example.com/v1", "not_https"),
        (OPENAI, "http://127.0.0.1:8188.example.com/v1", "invalid"),
        (OPENAI, "http://127.0.0.1.example.com:8188/v1", "not_https"),
        (OPENAI, "http://127.evil.com/v1", "not_https"),
        (OPENAI, "http://models.lan:8080/v1", "not_https"),
    ],
)
async def test_an_address_that_is_none_or_not_safe_is_refused(
    house: House, provider: ProviderId, url: str | None, problem: str
):
    for asker in (ANN, ASKER):
        with pytest.raises(BadBaseUrl) as raised:
            house.keys.check(asker, provider, url)
        assert (raised.value.provider, raised.value.problem) == (provider, problem)
        with pytest.raises(BadBaseUrl):
            await house.keys.set(asker, provider, SECRET, url)
        assert await house.keys.list(asker) == []


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://server.example.com", None),
        ("https://server.example.com/v1/", "https://server.example.com/v1"),
        (" https://server.example.com:8443/a/b ", "https://server.example.com:8443/a/b"),
        ("HTTPS://Server.Example.com/v1", None),
        ("https://[2606:4700::1111]/v1", None),
        ("http://127.0.0.1:8188/v1", None),
        ("http://models.LAN/v1", None),
        ("http://[fd00::1]:8000/v1", None),
    ],
)
async def test_https_and_what_the_operator_allows_is_taken_from_everybody(
    house: House, url: str, kept: str | None
):
    for asker in (ANN, ASKER):
        note = await house.keys.set(asker, CUSTOM, SECRET, url)
        assert note.base_url == (kept or url)
        key = await house.keys.open(asker.owner, CUSTOM)
        assert key is not None
        assert key.base_url == note.base_url


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9000/v1",
        "http://127.0.0.1",
        "http://127.8.8.8:80/v1",
        "http://localhost:9000/v1",
        "http://LocalHost:9000/v1",
        "http://[::1]:9000/v1",
    ],
)
async def test_only_the_operator_may_name_his_own_machine(house: House, url: str):
    assert (await house.keys.set(ASKER, CUSTOM, SECRET, url)).base_url == url
    with pytest.raises(BadBaseUrl) as raised:
        house.keys.check(ANN, CUSTOM, url)
    assert raised.value.problem == "not_https"


async def test_a_rotation_seals_all_keys_of_all_owners_anew(house: House):
    for asker in (ANN, BEN, ASKER):
        await house.keys.set(asker, OPENAI, SECRET + asker.owner, None)
        await house.keys.set(asker, CUSTOM, SECRET, SERVER)
    old = house.master.read_text("utf-8")
    seals = {bytes(row["sealed"]) for row in await house.database.rows("select * from keys")}
    assert await house.keys.rotate() == 6
    assert len(set(house.master.read_text("utf-8").split()) | set(old.split())) == 2
    later = {bytes(row["sealed"]) for row in await house.database.rows("select * from keys")}
    assert not seals & later
    await house.keys.verify()
    for asker in (ANN, BEN, ASKER):
        key = await house.keys.open(asker.owner, OPENAI)
        assert key is not None
        assert key.secret == SECRET + asker.owner
        assert all(note.last_four for note in await house.keys.list(asker))


async def test_a_rotation_that_meets_an_altered_row_leaves_everything_as_it_opened(
    house: House, tmp_path: Path
):
    await house.keys.set(ANN, OPENAI, SECRET, None)
    await house.keys.set(BEN, OPENAI, SECRET, None)
    await house.sql("update keys set owner = 'discord:user:9' where owner = ?", BEN.owner)
    with pytest.raises(SealBroken):
        await house.keys.rotate()
    async with opened(tmp_path) as later:
        await later.keys.verify()
        key = await later.keys.open(ANN.owner, OPENAI)
        assert key is not None
        assert key.secret == SECRET


async def test_a_rotation_without_keys_is_no_error(house: House):
    assert await house.keys.rotate() == 0
    await house.keys.set(ANN, OPENAI, SECRET, None)
    assert await house.keys.open(ANN.owner, OPENAI) is not None


async def test_a_running_bot_and_a_rotation_at_the_terminal_do_not_lose_a_key(tmp_path: Path):
    async with opened(tmp_path) as bot, opened(tmp_path) as terminal:
        await bot.keys.set(ANN, OPENAI, SECRET, None)
        await terminal.keys.rotate()
        await bot.keys.set(BEN, OPENAI, SECRET, None)
        await bot.keys.verify()
        for asker in (ANN, BEN):
            assert await bot.keys.open(asker.owner, OPENAI) is not None
    async with opened(tmp_path) as later:
        await later.keys.verify()
        for asker in (ANN, BEN):
            assert await later.keys.open(asker.owner, OPENAI) is not None


async def test_a_wrong_or_missing_master_key_is_found_before_anything_is_done(
    house: House, tmp_path: Path
):
    await house.keys.verify()
    await house.keys.set(ANN, OPENAI, SECRET, None)
    kept = house.master.read_text("utf-8")
    house.master.unlink()
    async with opened(tmp_path) as later:
        with pytest.raises(MasterKeyMissing):
            await later.keys.verify()
        with pytest.raises(MasterKeyMissing):
            await later.keys.set(BEN, OPENAI, SECRET, None)
        assert not house.master.exists()
        Vault(text=None, file=None, default=house.master).seal("of another")
        with pytest.raises(MasterKeyWrong):
            await later.keys.verify()
        with pytest.raises(MasterKeyWrong):
            await later.keys.set(BEN, OPENAI, SECRET, None)
        house.master.write_text(kept, "utf-8")
        await later.keys.verify()
    assert await house.keys.list(BEN) == []


async def test_without_any_key_a_lost_master_key_is_no_error(house: House, tmp_path: Path):
    await house.keys.set(ANN, OPENAI, SECRET, None)
    await house.keys.forget(ANN, None)
    house.master.unlink()
    async with opened(tmp_path) as later:
        await later.keys.verify()
        await later.keys.set(ANN, OPENAI, SECRET, None)
        assert await later.keys.open(ANN.owner, OPENAI) is not None


def files_with(text: str, folder: Path) -> list[Path]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path for path in files if text.encode() in path.read_bytes()]


async def test_neither_database_nor_refusals_hold_a_secret_in_the_clear(
    house: House, tmp_path: Path
):
    await house.keys.set(ANN, CUSTOM, SECRET, SERVER)
    await house.sql("update keys set owner = ?", BEN.owner)
    with pytest.raises(SealBroken) as raised:
        await house.keys.open(BEN.owner, CUSTOM)
    assert SECRET not in repr(raised.value)
    assert files_with(SECRET[:-4], tmp_path) == []
    assert files_with("k1_", tmp_path) == [house.master]

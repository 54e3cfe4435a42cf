"""One canary key goes every way that a key can go, and is then looked for in everything."""

import asyncio
import base64
import io
import json
import logging
import os
import subprocess
import sys
import traceback
import zipfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from core.adapters.http import Addresses, Clients
from core.adapters.http.redaction import in_use
from core.adapters.litellm import LiteLLMImages
from core.adapters.litellm.library import load
from core.adapters.litellm.servers import custom_server
from core.config import quieten
from core.ids import ModelId, ProviderId
from core.models.attempt import Progress
from core.models.failure import CallFailed
from core.models.key import Key
from core.models.order import Order
from tests.bot.terminal.conftest import Result, Terminal, here, omniimage
from tests.servers.openai_images import OpenAIImages
from tests.servers.process import ROOT, Provider, chat_provider, provider

__all__ = ["here", "omniimage"]  # the terminal's fixtures serve here as well

CANARY = "cnry-Zq8/Xv+3mW7=Kd9tRb2/Lh5+Yp4nFs6"
WELL = ("good", "b64", "usage", "file-redirect")
BADLY = {
    "status-401": "bad_key",
    "status-402": "no_credit",
    "status-403": "bad_key",
    "status-404": "not_found",
    "status-429": "rate_limited",
    "status-500": "provider_down",
    "no-credit": "no_credit",
    "moderated": "refused",
    "hang": "timeout",
    "drip": "timeout",
    "reset": "interrupted",
    "close": "interrupted",
    "truncated": "interrupted",
    "empty": "empty",
    "html": "garbage",
    "notjson": "garbage",
    "bad-b64": "garbage",
    "echo": None,
    "echo-401": "bad_key",
    "echo-500": "provider_down",
    "redirect": "blocked",
    "private-url": "blocked",
    "cut-file": "garbage",
    "file-404": None,
}
_WINDOW = 10  # signs of the canary in a row that no output may have


def spellings(secret: str) -> set[bytes]:
    """Every stretch of it as it is, in base64 at any of the three offsets, and in a URL."""
    whole = secret.encode()
    texts = {secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1]}
    texts |= {quote(secret, safe="").lower(), whole.hex(), whole.hex().upper()}
    for offset in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            inside = encode(b"\0" * offset + whole)[4:-4]  # its edges depend on what is around
            texts.add(inside.decode())
    return {
        text[at : at + _WINDOW].encode() for text in texts for at in range(len(text) - _WINDOW + 1)
    }


SPELLINGS = spellings(CANARY)


def leaks(data: bytes | str) -> list[bytes]:
    data = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data
    return sorted(spelling for spelling in SPELLINGS if spelling in data)


def leaks_below(folder: Path) -> dict[str, list[bytes]]:
    """By file, the members of archives too; empty if all is well."""
    found: dict[str, list[bytes]] = {}
    for path in (path for path in folder.rglob("*") if path.is_file()):
        found[str(path)] = leaks(path.read_bytes()) + leaks(str(path))
        if path.suffix == ".zip":
            found |= leaks_in_archive(path)
    return {name: leaked for name, leaked in found.items() if leaked}


def leaks_in_archive(path: Path) -> dict[str, list[bytes]]:
    with zipfile.ZipFile(path) as archive:
        return {
            f"{path}: {member.filename}": leaks(archive.read(member))
            + leaks(member.comment + archive.comment)
            for member in archive.infolist()
        }


@pytest.mark.parametrize(
    "leaking",
    [
        CANARY,
        f"Authorization: Bearer {CANARY}",
        CANARY[5:20],
        quote(f"key={CANARY}"),
        base64.b64encode(f"x:{CANARY}".encode()).decode(),
        base64.b64encode(f"xy:{CANARY}".encode()).decode(),
        base64.b64encode(f"xyz:{CANARY}".encode()).decode(),
        json.dumps({"key": CANARY}),
        CANARY.encode().hex(),
    ],
)
def test_the_search_finds_the_canary_in_any_of_its_spellings(leaking: str, tmp_path: Path):
    assert leaks(f"before {leaking} after")
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.txt", leaking * 3)
    (tmp_path / "b.bin").write_bytes(b"\xff" + leaking.encode() + b"\x00")
    assert len(leaks_below(tmp_path)) == 2


def test_the_search_finds_nothing_where_nothing_is():
    assert leaks(f"...{CANARY[-4:]} {CANARY[:8]}*** {'*' * 40}") == []


@pytest.fixture(scope="module", autouse=True)
def litellm() -> None:
    """Loaded once, and before any test asks for every line that libraries log."""
    quieten()
    asyncio.run(load())


@pytest.fixture(scope="module")
def server() -> Iterator[Provider]:
    with provider() as running:
        yield running


@pytest.fixture
def set_canary(
    omniimage: Terminal,
    server: Provider,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[], Result]:
    def call() -> Result:
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{CANARY}\n"))
        return omniimage("keys", "set", "custom", "--base-url", server.base_url)

    return call


def asked(*names: str) -> list[str]:
    return [word for name in names for word in ("-m", f"custom/{name}")]


def arrived(server: Provider, names: set[str]) -> None:
    """The server got the canary with every call: what is not found was really there."""
    calls = [call for call in server.told()["requests"] if call["method"] == "POST"]
    assert {call["body"]["model"] for call in calls} >= names
    assert {call["headers"]["authorization"] for call in calls} == {f"Bearer {CANARY}"}


def test_no_command_shows_or_keeps_a_key_whatever_the_provider_does(
    omniimage: Terminal,
    set_canary: Callable[[], Result],
    server: Provider,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    monkeypatch.setenv("OMNIIMAGE_LIMITS__MODELS", "40")
    caplog.set_level(logging.DEBUG)
    results = [set_canary()]
    paint = omniimage(
        *("try", "a fox", *asked(*WELL, *BADLY)),
        *("--json", "--deadline", "4", "--size", "64x64", "--out", "o"),
    )
    kinds = {
        line["model"].partition("/")[2]: line.get("error", {}).get("kind")
        for line in paint.events("landed", "failed")
    }
    assert {name: kinds[name] for name in WELL} == dict.fromkeys(WELL)
    assert {name: kinds[name] for name, kind in BADLY.items() if kind} == {
        name: kind for name, kind in BADLY.items() if kind
    }
    assert kinds["echo"]
    arrived(server, {*WELL, *BADLY})
    job = paint.lines[-1]["id"]
    results += [
        paint,
        omniimage("try", "an owl", *asked("echo", "echo-401"), "--out", "p"),
        omniimage("try", "an owl", *asked("good", "echo-500"), "--out", "q"),
        omniimage("retry", job, "--json", "--out", "o"),
        omniimage("history", "--json"),
        omniimage("history"),
        omniimage("show", job, "--json", "--out", "r"),
        omniimage("show", job),
        omniimage("models", "--json", "--all"),
        omniimage("keys", "list", "--json"),
        omniimage("keys", "list"),
        omniimage("keys", "rotate"),
        set_canary(),
        omniimage("keys", "forget", "--all"),
    ]
    assert [result for result in results if "Traceback" in result.err] == []
    assert [leaks(result.out + result.err) for result in results] == [[]] * len(results)
    assert "httpcore" in caplog.text  # the libraries did speak
    assert leaks(caplog.text) == []
    assert [record for record in caplog.records if leaks(repr(vars(record)))] == []
    assert leaks_below(tmp_path) == {}


def test_verbose_shows_what_happens_inside_without_the_key(
    set_canary: Callable[[], Result], server: Provider, tmp_path: Path
):
    """Killed while one call hangs: so the database leaves its write-ahead log to be searched."""
    set_canary()
    names = ("good", "b64", "echo", "echo-401", "status-429", "redirect", "private-url", "reset")
    said = tmp_path / "stderr"
    with verbose(tmp_path, said, "try", "a fox", *asked(*names, "hang"), "--json") as running:
        out = until(running, ended=len(names))
        running.kill()
        out += running.communicate()[0]
    arrived(server, {*names, "hang"})
    err = said.read_text("utf-8")
    assert [name for name in ("httpcore", "openai._base_client") if name not in err] == []
    assert leaks(out + err) == []
    assert CANARY[::-1] not in out + err
    assert (tmp_path / "data" / "omniimage.db-wal").stat().st_size > 0
    assert leaks_below(tmp_path) == {}


TEXTS = ("say", "echo-401", "status-429", "html", "redirect", "reset", "refuses", "mangles")


def test_a_text_model_is_asked_without_a_trace_of_the_key(
    omniimage: Terminal,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
):
    caplog.set_level(logging.DEBUG)
    with chat_provider() as server:
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{CANARY}\n"))
        omniimage("keys", "set", "custom", "--base-url", server.base_url)
        shown = ""
        for name in TEXTS:
            said = omniimage("enhance", 'a sign "OPEN"', "-m", f"custom/{name}")
            shown += said.out + said.err
        arrived(server, set(TEXTS))
    assert "httpcore" in caplog.text
    assert leaks(shown + caplog.text) == []
    assert leaks_below(tmp_path) == {}


def test_verbose_puts_nothing_between_the_lines_of_json(
    set_canary: Callable[[], Result], tmp_path: Path
):
    set_canary()
    command = ("try", "a fox", *asked("status-429"), "--json")
    with verbose(tmp_path, tmp_path / "stderr", *command) as running:
        out, _ = running.communicate()
    assert [line for line in out.splitlines() if not line.startswith("{")] == []


def verbose(tmp_path: Path, said: Path, *arguments: str) -> "subprocess.Popen[str]":
    """A process that tells all it can, in an environment that would have libraries tell more."""
    environment = {
        "PATH": os.defpath,
        "PYTHONPATH": str(ROOT),
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "home" / "xdg_config_home"),
        "OPENAI_LOG": "debug",
        "LITELLM_LOG": "DEBUG",
        "OPENAI_API_KEY": CANARY[::-1],
    }
    with said.open("w", encoding="utf-8") as stderr:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", "--data-dir", str(tmp_path / "data"), "-v", *arguments],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )


def until(running: "subprocess.Popen[str]", *, ended: int) -> str:
    """What it prints until so many attempts have ended."""
    assert running.stdout is not None
    printed = ""
    for line in running.stdout:
        printed += line
        if printed.count('"event": "landed"') + printed.count('"event": "failed"') == ended:
            return printed
    raise AssertionError(printed)


def test_a_key_shows_its_secret_in_no_text_of_its_own():
    key = Key(provider=ProviderId("custom"), secret=CANARY, base_url="https://example.com")
    assert leaks(f"{key} {key!r} {[key]!r}") == []
    assert "example.com" in repr(key)


@asynccontextmanager
async def models_of(server: OpenAIImages) -> AsyncIterator[LiteLLMImages]:
    clients = Clients(Addresses.of([server.host_port], []), proxy=None, limit=2**20)
    try:
        yield LiteLLMImages(custom_server(), clients)
    finally:
        await clients.close()


async def silent(progress: Progress) -> None:
    del progress


async def failure_of(models: LiteLLMImages, name: str, base_url: str) -> CallFailed | None:
    key = Key(provider=ProviderId("custom"), secret=CANARY, base_url=base_url)
    order = Order(model=ModelId(f"custom/{name}"), prompt="a fox")
    try:
        await models.paint(order, key, silent)
    except CallFailed as failure:
        return failure
    return None


def told_by(error: BaseException | None) -> str:
    """All that any logger, debugger or reporter could print of it: hidden contexts as well."""
    said = ""
    while error is not None:
        said += f"{error} {error!r} {error.args} {getattr(error, '__notes__', '')}\n"
        said += "".join(traceback.format_exception(error))
        error = error.__cause__ or error.__context__
    return said


# What the adapter itself fails on; deadline, decoding, no picture are the fan-out's.
FAILING = [name for name in BADLY if name not in ("hang", "drip", "empty", "cut-file")]


@pytest.mark.parametrize("name", FAILING)
async def test_a_failure_of_the_adapter_carries_no_key_in_its_whole_chain(name: str):
    async with OpenAIImages() as server, models_of(server) as models:
        failure = await failure_of(models, name, server.base_url)
        assert failure is not None
        assert server.requests[0].headers["authorization"] == f"Bearer {CANARY}"
    assert leaks("".join(traceback.format_exception(failure))) == []
    assert leaks(repr(vars(failure))) == []
    assert leaks(told_by(failure)) == []


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What a handler of the root logger writes, whatever the level."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def test_a_log_line_shows_stars_for_a_key_in_use(log: io.StringIO):
    lines = logging.getLogger("a.library")
    with in_use(CANARY):
        lines.debug("sending %s", {"authorization": f"Bearer {CANARY}"})
        lines.warning("key=" + CANARY)
        lines.error("%(key)s", {"key": CANARY})
    assert leaks(log.getvalue()) == []
    assert log.getvalue().count("***") == 3
    assert "sending" in log.getvalue()


def test_a_traceback_in_the_log_shows_stars_for_a_key_in_use(log: io.StringIO):
    with in_use(CANARY):
        try:
            int(CANARY)
        except ValueError:
            logging.getLogger("a.library").exception("failed")
    assert leaks(log.getvalue()) == []
    assert "'***'" in log.getvalue()


def test_a_log_line_that_cannot_be_formatted_neither_leaks_nor_breaks_the_call(
    log: io.StringIO, capsys: pytest.CaptureFixture[str]
):
    with in_use(CANARY):
        logging.getLogger("a.library").debug("%d pictures of %s", "no number", CANARY)
    assert leaks(log.getvalue() + "".join(capsys.readouterr())) == []
    assert "***" in log.getvalue()


def test_of_two_keys_in_use_the_longer_leaves_no_tail(log: io.StringIO):
    with in_use(CANARY[:12]), in_use(CANARY):
        logging.getLogger("a.library").debug(CANARY)
    assert leaks(log.getvalue()) == []


def test_a_key_is_starred_until_its_last_use_ends(log: io.StringIO):
    lines = logging.getLogger("a.library")
    with in_use(CANARY):
        with in_use(CANARY):
            lines.debug(CANARY)
        lines.debug(CANARY)
    assert leaks(log.getvalue()) == []
    lines.debug("100 %% of %s", "it")
    assert log.getvalue().endswith("100 % of it\n")

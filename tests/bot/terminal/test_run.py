"""`omniimage run` as a process of its own, with Discord on this machine."""

import asyncio
import signal
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.bot.terminal.conftest import Terminal
from tests.servers.discord import LocalDiscord

Process = Callable[..., "subprocess.Popen[str]"]
TOKEN = "OMNIIMAGE_DISCORD__TOKEN"  # noqa: S105 - the name of a variable


@pytest.fixture
async def discord() -> AsyncIterator[LocalDiscord]:
    async with LocalDiscord() as discord:
        yield discord


def environment(discord: LocalDiscord, **more: str) -> dict[str, str]:
    return {
        TOKEN: discord.token,
        "OMNIIMAGE_DISCORD__API_BASE": discord.api_base,
        "OMNIIMAGE_DISCORD__GATEWAY": discord.gateway,
        **more,
    }


@contextmanager
def started(process: Process, *arguments: str, **more: Any) -> Iterator["subprocess.Popen[str]"]:
    """It is killed should the test not have ended it."""
    with process(*arguments, **more) as running:
        try:
            yield running
        finally:
            running.kill()


async def line(running: "subprocess.Popen[str]") -> str:
    assert running.stdout is not None
    return await asyncio.to_thread(running.stdout.readline)


async def ended(running: "subprocess.Popen[str]") -> tuple[int, str, str]:
    out, err = await asyncio.to_thread(running.communicate, timeout=20)
    return running.returncode, out, err


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
async def test_it_is_ready_and_ends_when_it_is_told_to(
    discord: LocalDiscord, process: Process, end: signal.Signals
):
    with started(process, "-v", "run", env=environment(discord)) as running:
        ready = await line(running)
        assert discord.sessions.connected
        running.send_signal(end)
        code, out, err = await ended(running)

    assert ready == "Discord is ready as omniimage\n"
    assert (code, out) == (0, "")
    assert "Traceback" not in err
    assert discord.token not in err
    assert not discord.sessions.connected
    assert discord.findings == []


async def test_a_second_one_is_refused_and_the_next_one_is_not(
    discord: LocalDiscord, process: Process, tmp_path: Path
):
    for _ in range(2):
        with started(process, "run", env=environment(discord)) as running:
            await line(running)
            with started(process, "run", env=environment(discord)) as second:
                code, out, err = await ended(second)
            assert (code, out, len(err.splitlines())) == (1, "", 1)
            assert str(tmp_path / "data") in err
            with started(process, "models") as beside:
                assert (await ended(beside))[0] == 0
            running.kill()
            await ended(running)
    assert discord.findings == []


async def test_the_token_may_lie_in_a_file(
    discord: LocalDiscord, process: Process, tmp_path: Path
):
    file = tmp_path / "token"
    file.write_text(f"{discord.token}\n")
    env = environment(discord, OMNIIMAGE_DISCORD__TOKEN_FILE=str(file))
    del env[TOKEN]
    with started(process, "run", env=env) as running:
        assert (await line(running)).startswith("Discord is ready")
        running.terminate()
        assert (await ended(running))[0] == 0


@pytest.mark.parametrize("arguments", [("run",), ("-v", "run")])
async def test_a_token_that_is_refused_is_one_line(
    discord: LocalDiscord, process: Process, arguments: tuple[str, ...]
):
    env = environment(discord, **{TOKEN: "not-the-token"})
    with started(process, *arguments, env=env) as running:
        code, out, err = await ended(running)
    assert (code, out) == (1, "")
    last = err.splitlines()[-1] if "-v" in arguments else err.strip()
    assert last == (
        "Discord could not start: its server does not take the token. Check it in the settings."
    )
    assert "not-the-token" not in err


async def test_a_server_that_is_not_there_is_one_line_in_the_language_of_the_operator(
    discord: LocalDiscord, process: Process
):
    gone = "http://127.0.0.1:9/api/v10"
    env = environment(discord, OMNIIMAGE_DISCORD__API_BASE=gone, LANG="zh_CN.UTF-8")
    with started(process, "run", env=env) as running:
        code, _, err = await ended(running)
    assert (code, len(err.splitlines())) == (1, 1)
    assert err.startswith("Discord 无法启动：")


async def test_a_reader_that_goes_away_does_not_end_it(discord: LocalDiscord, process: Process):
    with started(process, "run", env=environment(discord)) as running:
        assert running.stdout is not None
        running.stdout.close()
        await discord.connected()
        running.terminate()
        code = await asyncio.to_thread(running.wait, 20)
    assert code == 0


def test_without_a_token_it_says_how_to_enable_one(omniimage: Terminal):
    said = omniimage("run")
    assert said.code == 0
    assert said.out.startswith("No front end is enabled")
    assert TOKEN in said.out


def test_a_token_that_is_none_is_a_sentence(omniimage: Terminal, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(TOKEN, "two words")
    said = omniimage("run")
    assert (said.code, said.out) == (2, "")
    assert "discord.token" in said.err
    assert "two words" not in said.err

"""The product's own client, the real discord.py, against the local Discord."""

import asyncio
import logging
from pathlib import Path
from typing import Any

import discord as library
import pytest
from discord import app_commands, ui
from typing_extensions import override

from bot.actions import Action, Press, code_of
from bot.discord.asking import Interaction
from bot.discord.client import Client, Tree
from bot.discord.form import Form
from bot.discord.press import item_of
from bot.discord.render.values import Button, Choice, Option
from bot.discord.serving import serve
from bot.words.starting import FrontEndFailed
from core.errors import UnknownId
from core.ids import new_id
from tests.bot.discord.conftest import client_at, serving
from tests.servers.discord import LocalDiscord, Message

OLD = "This button is from an older version. Use the command again."
GONE = "This form is no longer open here. Use the command again."
TALKATIVE = ("discord.gateway", "discord.http", "discord.webhook.async_", "discord.client")
BROKEN = "Something went wrong here. Try again in a moment."


def go(tree: Tree, client: Client) -> None:
    """One command, `/go`, that shows a button and a menu."""
    del client

    @tree.command(description="Start the enabled bots.")
    async def go(interaction: Interaction, say: str = "") -> None:
        if say == "break":
            raise RuntimeError("secret detail")
        if say == "break late":
            await interaction.response.defer()
            raise UnknownId(id="abc")
        if say == "form":
            await interaction.response.send_modal(Words())
            return
        await interaction.response.send_message("here", view=view(say))


class Words(Form):
    def __init__(self) -> None:
        super().__init__("Words")
        self.words: ui.TextInput[Any] = ui.TextInput(label="Say")
        self.add_item(self.words)

    @override
    async def submitted(self, interaction: Interaction) -> None:
        if self.words.value == "slow":
            await asyncio.sleep(0.05)
        if self.words.value == "break":
            raise RuntimeError("secret detail")
        await interaction.response.send_message(self.words.value, ephemeral=True)


def view(code: str) -> ui.View:
    shown = ui.View(timeout=None)
    if code:
        shown.add_item(ui.Button(label="Odd", custom_id=code))
    shown.add_item(item_of(Button(label="Split", code=new_code(Action.SPLIT))))
    chosen = {"Info": Action.INFO, "Delete": Action.DELETE}
    options = (Option(label=name, value=new_code(act)) for name, act in chosen.items())
    shown.add_item(item_of(Choice(code="1s:more", placeholder="More", options=tuple(options))))
    return shown


def new_code(action: Action) -> str:
    return code_of(Press(action=action, target=new_id()))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path


async def test_it_says_that_it_is_ready_once_its_commands_are_synced(
    discord: LocalDiscord, data: Path
):
    async with serving(discord, client_at(discord, data, register=go)) as said:
        await discord.until(lambda: said)
        assert discord.person("Ann").commands() == ["go"]
        await discord.drop(forget=True)
        await discord.until(lambda: discord.sessions.connected)

    assert said == [f"Discord is ready as {discord.bot.name.lower()}"]
    [sent] = discord.calls("PUT", "/commands")
    assert sent.status == 200
    assert discord.findings == []


async def test_it_asks_for_no_intents_and_remembers_no_messages(discord: LocalDiscord, data: Path):
    client = client_at(discord, data, register=go)
    async with serving(discord, client):
        assert [session.intents for session in discord.sessions.sessions] == [0]
        await discord.person("Ann").types("/go")
    assert list(client.cached_messages) == []
    assert list(client.users) == [client.user]


async def test_commands_are_sent_when_they_changed_and_not_else(discord: LocalDiscord, data: Path):
    def sent() -> int:
        return len(discord.calls("PUT", "/commands"))

    def changed(tree: Tree, client: Client) -> None:
        go(tree, client)

        @tree.context_menu(name="Split grid")
        async def split(interaction: Interaction, message: library.Message) -> None: ...

    for register, count in ((go, 1), (go, 1), (changed, 2), (changed, 2), (go, 3)):
        async with serving(discord, client_at(discord, data, register=register)):
            assert sent() == count
    (data / "discord-commands.sha256").write_bytes(b"\xff")
    async with serving(discord, client_at(discord, data, register=go)):
        assert sent() == 4
    assert discord.findings == []


async def test_commands_speak_the_persons_language_everywhere(discord: LocalDiscord, data: Path):
    async with serving(discord, client_at(discord, data, register=go)):
        pass
    [command] = discord.commands[None]
    assert command["description"] == "Start the enabled bots."
    zh = command["description_localizations"]
    assert set(zh) == {"zh-CN", "zh-TW"}
    assert zh["zh-CN"].startswith("启动")
    assert (command["integration_types"], command["contexts"]) == ([0, 1], [0, 1, 2])


async def test_a_press_comes_with_its_meaning_after_a_restart_too(
    discord: LocalDiscord, data: Path
):
    seen: list[Press] = []

    async def on_press(interaction: Interaction, press: Press) -> None:
        seen.append(press)
        await interaction.response.send_message(press.action, ephemeral=True)

    ann = discord.person("Ann")
    async with serving(discord, client_at(discord, data, register=go)):
        shown = await ann.types("/go")
    async with serving(discord, client_at(discord, data, register=go, on_press=on_press)):
        pressed = await ann.presses(shown.message, "Split")
        chosen = await ann.chooses(shown.message, "Delete")

    assert [one.action for one in seen] == [Action.SPLIT, Action.DELETE]
    assert code_of(seen[0]) == shown.message.buttons[0]["custom_id"]
    assert [one.reply.content for one in (pressed, chosen)] == ["split", "delete"]
    assert pressed.private
    assert discord.findings == []


@pytest.mark.parametrize("code", [f"1:vary:{'a' * 20}:", "0:split", "1:split:é:"])
async def test_a_press_of_an_unknown_code_is_answered_kindly(
    discord: LocalDiscord, data: Path, code: str
):
    ann, ben = discord.person("Ann"), discord.person("Ben", language="zh-CN")
    async with serving(discord, client_at(discord, data, register=go)):
        shown = await _odd(discord, code)
        pressed = await ann.presses(shown, "Odd")
        again = await ben.presses(shown, "Odd")

    assert (pressed.reply.content, pressed.private) == (OLD, True)
    assert "旧版本" in again.reply.content
    assert discord.findings == []


async def test_a_modal_is_answered_and_one_from_before_a_restart_too(
    discord: LocalDiscord, data: Path
):
    ann = discord.person("Ann")
    async with serving(discord, client_at(discord, data, register=go)):
        shown = await ann.types("/go", say="form")
        told = await ann.submits(shown, {"Say": "hello"})
        left = await ann.types("/go", say="form")
    async with serving(discord, client_at(discord, data, register=go)):
        late = await ann.submits(left, {"Say": "hello"})

    assert (told.reply.content, told.private) == ("hello", True)
    assert (late.reply.content, late.private) == (GONE, True)
    assert discord.findings == []


async def test_whoever_takes_their_time_is_not_answered_for(
    discord: LocalDiscord, data: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.discord.client._PATIENCE", 0)

    async def on_press(interaction: Interaction, _: Press) -> None:
        await asyncio.sleep(0.05)
        await interaction.response.send_message("done", ephemeral=True)

    ann = discord.person("Ann")
    async with serving(discord, client_at(discord, data, register=go, on_press=on_press)):
        shown = await ann.types("/go")
        pressed = await ann.presses(shown.message, "Split")
        form = await ann.submits(await ann.types("/go", say="form"), {"Say": "slow"})

    assert [message.content for message in pressed.answers] == ["done"]
    assert [message.content for message in form.answers] == ["slow"]
    assert discord.findings == []


async def _odd(discord: LocalDiscord, code: str) -> Message:
    """A message of the bot's from another time."""
    ann = discord.person("Old")
    return (await ann.types("/go", say=code)).message


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (RuntimeError("secret detail"), BROKEN),
        (UnknownId(id="abc"), 'Nothing with the id "abc" is known here.'),
        (None, BROKEN),
    ],
)
async def test_what_a_handler_raises_is_told_to_the_presser_alone(
    discord: LocalDiscord,
    data: Path,
    caplog: pytest.LogCaptureFixture,
    error: Exception | None,
    said: str,
):
    caplog.set_level(logging.INFO, "bot")

    async def on_press(_: Interaction, __: Press) -> None:
        if error:
            raise error

    ann = discord.person("Ann")
    async with serving(discord, client_at(discord, data, register=go, on_press=on_press)):
        shown = await ann.types("/go")
        pressed = await ann.presses(shown.message, "Split")

    assert (pressed.reply.content, pressed.private) == (said, True)
    assert [record for record in caplog.records if record.name == "bot.discord.answering"]
    assert discord.findings == []


async def test_what_a_command_or_a_form_raises_is_told_as_well(discord: LocalDiscord, data: Path):
    ann, ben = discord.person("Ann"), discord.person("Ben")
    async with serving(discord, client_at(discord, data, register=go)):
        broken = await ann.types("/go", say="break")
        shown = await ann.types("/go", say="form")
        form = await ann.submits(shown, {"Say": "break"})
        late = await ann.types("/go", say="break late")
        await discord.until(lambda: late.answers and not late.answers[0].loading)

    assert [one.reply.content for one in (broken, form)] == [BROKEN, BROKEN]
    assert all(one.private for one in (broken, form))
    assert late.message.deleted  # the placeholder that everybody saw
    assert late.reply.content == 'Nothing with the id "abc" is known here.'
    assert ben.sees(late.reply) is None
    assert discord.findings == []


async def test_a_command_that_has_changed_says_so(discord: LocalDiscord, data: Path):
    ann = discord.person("Ann")
    client = client_at(discord, data, register=go)
    async with serving(discord, client):
        client.tree.remove_command("go")
        typed = await ann.types("/go")
    assert typed.reply.content == "This command has changed. Reload Discord, then use it again."


async def test_loggers_that_print_what_people_type_stay_above_debug(
    discord: LocalDiscord, data: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    for name in ("discord", *TALKATIVE):  # as other tests may have left them
        logging.getLogger(name).setLevel(logging.NOTSET)
    ann = discord.person("Ann")
    async with serving(discord, client_at(discord, data, register=go)):
        shown = await ann.types("/go", say="form")
        told = await ann.submits(shown, {"Say": "sk-typed"})
    assert told.reply.content == "sk-typed"
    for secret in ("sk-typed", discord.token, shown.token, told.token):
        assert secret not in caplog.text
    assert "has connected to Gateway" in caplog.text
    for name in TALKATIVE:
        assert logging.getLogger(name).level >= logging.INFO


async def test_a_bad_token_is_named_and_not_shown(
    discord: LocalDiscord, data: Path, caplog: pytest.LogCaptureFixture
):
    with pytest.raises(FrontEndFailed) as failed:
        await serve(client_at(discord, data), "not-the-token", print)
    assert (failed.value.problem, failed.value.started) == ("token", False)
    assert "not-the-token" not in f"{failed.value} {caplog.text}"
    assert discord.calls("GET", "/users/@me")[0].status == 401


async def test_a_server_that_is_not_there_is_named(discord: LocalDiscord, data: Path):
    client = client_at(discord, data)
    await discord.__aexit__(None, None, None)
    with pytest.raises(FrontEndFailed) as failed:
        await serve(client, discord.token, print)
    assert failed.value.problem == "unreachable"


async def test_a_gateway_that_does_not_answer_is_named(discord: LocalDiscord, data: Path):
    client = client_at(discord, data)
    client.http.get_bot_gateway = _no_gateway  # type: ignore[method-assign]
    with pytest.RaisesGroup(pytest.RaisesExc(FrontEndFailed, match="unreachable")):
        await serve(client, discord.token, print, start_within=0.2)


async def _no_gateway() -> Any:
    return 1, "ws://127.0.0.1:9/gateway", {}


async def test_a_token_that_dies_ends_it(discord: LocalDiscord, data: Path):
    client = client_at(discord, data)
    with pytest.RaisesGroup(pytest.RaisesGroup(FrontEndFailed)) as failed:
        async with serving(discord, client):
            await discord.drop(code=4004)
            await asyncio.Event().wait()
    [error] = failed.value.exceptions[0].exceptions
    assert isinstance(error, FrontEndFailed)
    assert (error.problem, error.started) == ("token", True)


async def test_commands_that_are_refused_are_named(discord: LocalDiscord, data: Path):
    def many(tree: Tree, client: Client) -> None:
        del client
        wrong = app_commands.ContextMenu(name="x", callback=_menu)
        wrong.name = "x" * 40
        tree.add_command(wrong)

    with pytest.raises(FrontEndFailed) as failed:
        await serve(client_at(discord, data, register=many), discord.token, print)
    assert (failed.value.problem, failed.value.detail) == ("refused", 400)
    assert not (data / "discord-commands.sha256").exists()


async def _menu(interaction: Interaction, message: library.Message) -> None: ...


async def test_a_server_that_goes_silent_does_not_hold_up_the_end(
    discord: LocalDiscord, data: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.discord.serving._CLOSE_WITHIN", 0.05)
    client = client_at(discord, data)
    monkeypatch.setattr(client._connection, "close", asyncio.Event().wait)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(serve(client, discord.token, print))
        await client.online.wait()
        running.cancel()
    await discord.drop()

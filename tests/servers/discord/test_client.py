"""The real discord.py against the local Discord: what people do arrives and is answered."""

from typing import Any

import discord as library
import pytest

from tests.fakes import png
from tests.servers.discord import LocalDiscord, Upload
from tests.servers.discord.bot import ShardedBot, TestBot
from tests.servers.discord.conftest import running

FOX = png("orange", (40, 30))


async def test_a_command_is_answered_by_an_album_that_grows(discord: LocalDiscord):
    ann = discord.person("Ann", language="zh-CN")
    async with running(discord) as bot:
        imagine = await ann.types("/imagine", prompt="a fox", models="demo/landscape")
        await discord.until(lambda: imagine.message.labels == ["Split", "Split"])

    interaction, prompt, models, _ = bot.seen[0]
    assert (prompt, models, str(interaction.locale)) == ("a fox", "demo/landscape", "zh-CN")
    assert imagine.deferred
    assert imagine.message.pictures == [png("teal", (32, 24))] * 2
    assert imagine.message.states[1].payload["components"][0]["content"] == "a fox: waiting"
    assert discord.findings == []


async def test_models_complete_as_one_types(discord: LocalDiscord):
    ann = discord.person("Ann")
    async with running(discord) as bot:
        choices = await ann.completes("/imagine", "models", "demo/l", prompt="x")

    assert [choice["value"] for choice in choices] == ["demo/landscape"]
    assert bot.seen == ["x"]


async def test_a_button_opens_a_modal_that_is_submitted(discord: LocalDiscord):
    ann = discord.person("Ann")
    async with running(discord):
        shown = await ann.opens_context_menu("Split grid", _posted(discord))
        pressed = await ann.presses(shown.message, "Edit")
        done = await ann.submits(pressed, {"Prompt": "two\nlines", "Translate": True})

    assert pressed.modal["title"] == "Edit prompt"
    assert done.reply.content == r"'two\nlines', True"
    assert done.private
    assert discord.findings == []


async def test_a_context_menu_gets_the_message_and_its_file(discord: LocalDiscord):
    message = _posted(discord)
    async with running(discord) as bot:
        shown = await discord.person("Ann").opens_context_menu("Split grid", message)

    assert bot.seen[0].content == "look"
    assert shown.message.content == f"{len(FOX)} bytes"
    assert discord.downloads[0].status == 200


async def test_a_file_comes_as_an_option(discord: LocalDiscord):
    async with running(discord) as bot:
        await discord.person("Ann").types(
            "/imagine", prompt="x", picture=Upload(name="fox.png", data=FOX)
        )
        attachment = bot.seen[0][3]
        assert await attachment.read() == FOX

    assert (attachment.filename, attachment.width, attachment.height) == ("fox.png", 40, 30)


async def test_buttons_work_after_a_restart(discord: LocalDiscord):
    ann, ben = discord.person("Ann"), discord.person("Ben")
    async with running(discord):
        imagine = await ann.types("/imagine", prompt="a fox")
        await discord.until(lambda: len(imagine.message.labels) == 2)
    async with running(discord):
        pressed = await ben.presses(imagine.message, "Split", nth=2)
        await discord.until(lambda: pressed.message.content)

    assert pressed.message.content == "split of b for en-US"
    assert pressed.private
    assert ben.sees(pressed.message)
    assert ann.sees(pressed.message) is None
    assert discord.findings == []


async def test_a_press_without_a_bot_fails(discord: LocalDiscord):
    ann = discord.person("Ann")
    async with running(discord):
        imagine = await ann.types("/imagine", prompt="a fox")
        await discord.until(lambda: len(imagine.message.labels) == 2)

    discord.answer_within = 0.1
    pressed = await ann.presses(imagine.message, "Split", nth=1)

    assert pressed.failed
    with pytest.raises(AssertionError, match="no button 'Cut out' among"):
        await ann.presses(imagine.message, "Cut out")


@pytest.mark.parametrize("place", ["server", "dm", "group", "elsewhere"])
async def test_where_it_was_typed_is_told(discord: LocalDiscord, place: str):
    ann, ben = discord.person("Ann"), discord.person("Ben")
    elsewhere = discord.guild("Elsewhere", locale="de", installed=False)
    at = {
        "server": discord.channel("general"),
        "dm": ann.dm,
        "group": discord.private(ann.account, ben.account),
        "elsewhere": discord.channel("lounge", elsewhere),
    }[place]
    async with running(discord) as bot:
        imagine = await ann.types("/imagine", at=at, prompt="x")
        await discord.until(lambda: len(imagine.message.labels) == 2)

    interaction: library.Interaction[Any] = bot.seen[0][0]
    assert interaction.channel_id == at.id
    assert interaction.user.name == "ann"
    assert interaction.is_guild_integration() == (place == "server")  # False in the DM too
    assert (interaction.guild is None) == (place in ("dm", "group"))
    assert str(interaction.guild_locale) == {"server": "en-US", "elsewhere": "de"}.get(
        place, "None"
    )
    assert interaction.filesize_limit == 10 * 1024 * 1024
    assert interaction.app_permissions.attach_files
    assert discord.findings == []


async def test_a_private_command_is_seen_by_one(discord: LocalDiscord):
    ann, ben = discord.person("Ann"), discord.person("Ben")
    async with running(discord):
        imagine = await ann.types("/imagine", prompt="x", private=True)
        await discord.until(lambda: len(imagine.message.labels) == 2)

    assert imagine.private
    assert (ann.sees(imagine.message), ben.sees(imagine.message)) == (imagine.message, None)


async def test_the_bot_comes_back_when_its_line_is_cut(discord: LocalDiscord):
    ann = discord.person("Ann")
    async with running(discord):
        [session] = discord.sessions.sessions
        await discord.drop()
        imagine = await ann.types("/imagine", prompt="x")  # waits for the resume
        assert not imagine.failed
        assert session.resumed == 1

        await discord.drop(forget=True)
        await discord.until(lambda: session not in discord.sessions.sessions)
        await discord.connected()
        assert not (await ann.types("/imagine", prompt="x")).failed


async def test_guilds_come_with_their_intent_alone(discord: LocalDiscord):
    discord.guild("Second")
    async with running(discord, TestBot(library.Intents(guilds=True))) as bot:
        await discord.until(lambda: len(bot.guilds) == 2 and all(g.name for g in bot.guilds))
        assert [channel.name for channel in bot.guilds[0].text_channels] == ["general"]
    async with running(discord) as bot:
        assert list(bot.guilds) == []


async def test_privileged_intents_are_refused(discord: LocalDiscord):
    bot = TestBot(library.Intents(message_content=True))
    with pytest.RaisesGroup(library.PrivilegedIntentsRequired):
        async with running(discord, bot):
            pass

    assert discord.sessions.refused == [4014]


async def test_a_sharded_client_is_served_as_well(discord: LocalDiscord):
    ann = discord.person("Ann")
    async with running(discord, ShardedBot()):
        assert not (await ann.types("/imagine", prompt="x")).failed
        await discord.drop(forget=True)  # it must not turn to Discord's own gateway
        await discord.until(lambda: not discord.sessions.connected)
        await discord.connected()
        assert not (await ann.types("/imagine", prompt="x")).failed


async def test_a_request_may_be_held(discord: LocalDiscord):
    async with running(discord):
        with discord.faults.holding("@original"):
            imagine = await discord.person("Ann").types("/imagine", prompt="x")
            await discord.until(lambda: discord.calls("PATCH", "@original"))
            assert imagine.message.loading
        await discord.until(lambda: len(imagine.message.labels) == 2)


async def test_two_clients_go_to_two_servers(discord: LocalDiscord):
    async with LocalDiscord() as other, running(discord), running(other):
        assert not (await discord.person("Ann").types("/imagine", prompt="x")).failed
        assert not (await other.person("Ben").types("/imagine", prompt="y")).failed
    assert library.http.Route.BASE == "https://discord.com/api/v10"


def _posted(discord: LocalDiscord):
    ann = discord.person("Poster")
    return discord.post(discord.channel("general"), ann, "look", files={"fox.png": FOX})

"""What nobody knows for sure about edits of Components V2 messages, and what dies with time."""

import aiohttp
import discord as library
import pytest

from tests.servers.discord import LocalDiscord, Refused
from tests.servers.discord.bot import TestBot
from tests.servers.discord.conftest import running

LOST = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND"


async def _painted(discord: LocalDiscord, bot: TestBot | None = None):
    """A finished or broken `/imagine`."""
    async with running(discord, bot) as running_bot:
        imagine = await discord.person("Ann").types("/imagine", prompt="a fox")
        await discord.until(lambda: running_bot.errors or len(imagine.message.labels) == 2)
    return imagine, running_bot.errors


@pytest.mark.parametrize("listed", [True, False])
async def test_files_kept_by_id_and_name_stay(discord: LocalDiscord, listed: bool):  # noqa: FBT001
    discord.lists_v2_attachments = listed

    imagine, errors = await _painted(discord)

    assert errors == []
    assert None not in imagine.message.pictures
    last = imagine.message.states[-1].payload
    assert [a["filename"] for a in last["attachments"]] == (["a.png", "b.png"] if listed else [])
    assert all(m["attachment_id"] for m in _media(last))


async def test_a_kept_file_may_be_lost(discord: LocalDiscord):
    discord.keeps_files = False

    imagine, [error] = await _painted(discord)

    assert (error.status, error.code) == (400, 50035)
    assert LOST in str(discord.requests[-1].reply)
    assert len(imagine.message.pictures) == 1  # as it was
    assert discord.findings == []


async def test_a_kept_file_may_be_refused(discord: LocalDiscord):
    discord.refuses_kept = True

    _, [error] = await _painted(discord)

    assert (error.status, error.code) == (400, 50035)
    assert "attachments" in discord.requests[-1].reply["errors"]
    assert discord.findings == []


@pytest.mark.parametrize("listed", [True, False])
async def test_who_keeps_what_the_message_lists_loses_it(
    discord: LocalDiscord,
    listed: bool,  # noqa: FBT001
):
    """A listed attachment is kept under its name; an unlisted one is not kept at all."""
    discord.lists_v2_attachments = listed
    bot = TestBot()
    bot.trusts_attachments = True

    imagine, errors = await _painted(discord, bot)

    assert len(imagine.message.pictures) == (2 if listed else 1)
    assert [error.code for error in errors] == ([] if listed else [50035])
    assert len(discord.findings) == len(errors)


async def test_a_token_dies_and_the_bot_s_own_rescues(discord: LocalDiscord):
    async with running(discord) as bot:
        imagine = await discord.person("Ann").types("/imagine", prompt="a fox")
        await discord.until(lambda: len(imagine.message.labels) == 2)
        interaction = bot.seen[0][0]
        discord.clock.advance(15 * 60 + 1)
        with pytest.raises(library.HTTPException) as caught:
            await interaction.edit_original_response(content="late")
        assert (caught.value.status, caught.value.code) == (401, 50027)

        message = bot.get_partial_messageable(interaction.channel_id).get_partial_message(
            imagine.message.id
        )
        view: library.ui.LayoutView = library.ui.LayoutView()
        view.add_item(library.ui.TextDisplay("in time"))
        await message.edit(view=view)

    assert imagine.message.text == "in time"


async def test_private_messages_are_out_of_the_bot_s_own_reach(discord: LocalDiscord):
    async with running(discord) as bot:
        imagine = await discord.person("Ann").types("/imagine", prompt="x", private=True)
        place = bot.get_partial_messageable(imagine.channel.id)
        with pytest.raises(library.NotFound) as caught:
            await place.get_partial_message(imagine.message.id).edit(content="x")
    assert caught.value.code == 10008


async def test_a_limit_is_waited_for(discord: LocalDiscord):
    discord.faults.limit_next("@original", 0.05, times=2)

    imagine, errors = await _painted(discord)

    assert errors == []
    assert len(imagine.message.pictures) == 2
    assert [r.status for r in discord.calls("PATCH", "@original")].count(429) == 2


async def test_a_limit_without_via_is_raised_at_once(discord: LocalDiscord):
    discord.faults.limit_next("@original", 0.05, via=False)

    _, [error] = await _painted(discord)

    assert error.status == 429


async def test_a_failure_may_be_ordered(discord: LocalDiscord):
    discord.faults.fail_next("@original", Refused(403, 50013, "Missing Permissions"))

    _, [error] = await _painted(discord)

    assert (error.status, error.code) == (403, 50013)


async def test_an_answer_may_get_lost(discord: LocalDiscord):
    async with running(discord) as bot:
        ann = discord.person("Ann")
        place = bot.get_partial_messageable(ann.place.id)
        discord.faults.lose_next("/messages", method="POST")
        with pytest.raises(aiohttp.ClientError):
            await place.send("once")
        assert [m.content for m in discord.messages.values()] == ["once"]


async def test_a_link_dies_with_its_time(discord: LocalDiscord):
    message = discord.post(
        discord.channel("general"), discord.person("Ann"), files={"a.png": b"bytes"}
    )
    async with running(discord) as bot:
        await discord.person("Ben").opens_context_menu("Split grid", message)
        attachment = bot.seen[0].attachments[0]
        assert await attachment.read() == b"bytes"
        discord.clock.advance(24 * 3600 + 1)
        with pytest.raises(library.NotFound):
            await attachment.read()


def _media(payload):
    return [item["media"] for part in payload["components"] for item in part.get("items", [])]

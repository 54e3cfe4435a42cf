"""`/imagine` to the album and its buttons: the real front end over real sockets."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from bot.discord.client import Client
from bot.discord.parts import parts_of
from bot.discord.pointing import point
from core.app import App, open_app
from core.config.settings import Network
from core.ids import OwnerId, PlaceId, ProviderId
from core.models.asker import Asker
from tests.bot.discord.conftest import Impatient, serving
from tests.fakes import FakeModels, Paint, after, at_once, bringing, never, png, raising
from tests.houses import settings
from tests.servers.discord import LocalDiscord
from tests.servers.openai_chat import OpenAIChat

GRID = png("teal", (256, 256))


@asynccontextmanager
async def bot(
    discord: LocalDiscord, data: Path, network: Network | None = None, **paints: Paint
) -> AsyncIterator[App]:
    models = FakeModels({"one": bringing(GRID), "two": at_once, **paints})
    chosen = settings(data).model_copy(update={"network": network or Network()})
    async with open_app(chosen, adopt=True, more_models=[models]) as app:
        client: Client = Impatient(partial(parts_of, app), data)
        point(client, api_base=discord.api_base, gateway=discord.gateway)
        async with serving(discord, client):
            yield app


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.discord.deliver._PAUSE", 0.02)


async def test_a_prompt_becomes_an_album_with_its_buttons(discord: LocalDiscord, tmp_path: Path):
    ann = discord.person("Ann")
    async with bot(discord, tmp_path):
        imagine = await ann.types("/imagine", prompt="a fox", models="fake/one, fake/two")
        assert imagine.deferred
        await discord.until(lambda: "Again" in imagine.message.labels)
        message = imagine.message
        assert len(message.pictures) == 3
        assert None not in message.pictures
        assert "fake/one" in message.text
        assert "a fox" in message.text
    assert discord.findings == []


async def test_a_failure_is_told_in_its_line_and_offers_a_retry(discord: LocalDiscord, tmp_path):
    ann = discord.person("Ann")
    async with bot(discord, tmp_path, bad=raising(ValueError("secret words"))):
        imagine = await ann.types("/imagine", prompt="a fox", models="fake/one,fake/bad")
        await discord.until(lambda: "Retry failed (1)" in imagine.message.labels)
        assert "secret words" not in imagine.message.text
        assert len(imagine.message.pictures) == 1
    assert discord.findings == []


async def test_a_press_answers_its_presser_alone(discord: LocalDiscord, tmp_path: Path):
    ann, ben = discord.person("Ann"), discord.person("Ben")
    async with bot(discord, tmp_path):
        imagine = await ann.types("/imagine", prompt="a fox", models="fake/one")
        await discord.until(lambda: "Again" in imagine.message.labels)
        split = await ben.presses(imagine.message, "Split")
        await discord.until(lambda: split.reply.text and not split.reply.loading)
        assert split.private
        assert ann.sees(split.reply) is None
        zipped = await ben.presses(imagine.message, "Zip")
        await discord.until(lambda: bool(zipped.reply.files))
    assert discord.findings == []


async def test_buttons_of_an_old_message_work_after_a_restart(discord: LocalDiscord, tmp_path):
    ann = discord.person("Ann")
    async with bot(discord, tmp_path):
        imagine = await ann.types("/imagine", prompt="a fox", models="fake/two")
        await discord.until(lambda: "Again" in imagine.message.labels)
    async with bot(discord, tmp_path):
        again = await ann.presses(imagine.message, "Again")
        await discord.until(lambda: "Again" in again.reply.labels)
        assert len(again.reply.pictures) == 1
    assert discord.findings == []


async def test_what_is_refused_leaves_no_public_placeholder(discord: LocalDiscord, tmp_path: Path):
    ann = discord.person("Ann")
    async with bot(discord, tmp_path):
        imagine = await ann.types("/imagine", prompt="a fox", models="fake/nothing")
        await discord.until(lambda: bool(imagine.followups))
        assert imagine.followups[0].ephemeral
        assert "fake/nothing" in imagine.followups[0].text
    assert discord.findings == []


async def test_models_are_completed_as_one_types(discord: LocalDiscord, tmp_path: Path):
    ann = discord.person("Ann")
    async with bot(discord, tmp_path):
        choices = await ann.completes("/imagine", "models", "fake/one, fake/t", prompt="x")
    assert [choice["value"] for choice in choices] == ["fake/one, fake/two"]


async def test_a_key_is_kept_from_a_modal_and_shown_to_nobody(discord: LocalDiscord, tmp_path):
    ann, ben = discord.person("Ann"), discord.person("Ben")
    secret = "sk-of-ann-0123456789"  # noqa: S105
    async with bot(discord, tmp_path):
        add = await ann.types("/keys add")
        kept = await ann.submits(add, {"Provider": "openai", "API key": secret, "Base URL": ""})
        await discord.until(lambda: "6789" in kept.reply.text)
        assert kept.private
        listed = await ann.types("/keys list")
        await discord.until(lambda: "openai" in listed.reply.text)
        assert "6789" in listed.reply.text
        assert ben.sees(listed.reply) is None
        other = await ben.types("/keys list")
        await discord.until(lambda: "/keys add" in other.reply.text)
        gone = await ann.types("/keys forget-all")
        await discord.until(lambda: "1 key" in gone.reply.text)
    said = " ".join(message.text for message in discord.messages.values())
    assert secret not in said
    assert discord.findings == []


async def test_what_was_asked_is_shown_and_asked_again(discord: LocalDiscord, tmp_path: Path):
    ann = discord.person("Ann")
    async with bot(discord, tmp_path):
        imagine = await ann.types("/imagine", prompt="一只狐狸", models="fake/two")
        await discord.until(lambda: "Again" in imagine.message.labels)
        [choice] = await ann.completes("/show", "id", "狐")
        shown = await ann.types("/show", id=choice["value"])
        await discord.until(lambda: "Again" in shown.reply.labels)
        assert shown.private
        again = await ann.types("/again", id=choice["value"])
        await discord.until(lambda: "Again" in again.message.labels)
    assert discord.findings == []


async def test_a_text_without_a_key_is_refused_privately(discord: LocalDiscord, tmp_path: Path):
    ann = discord.person("Ann", language="zh-CN")
    async with bot(discord, tmp_path):
        asked = await ann.types("/enhance", prompt="a fox")
        await discord.until(lambda: "openai" in asked.reply.text)
        assert "/keys add" in asked.reply.text
        assert asked.private
    assert discord.findings == []


async def test_the_prompt_is_edited_in_a_modal(discord: LocalDiscord, tmp_path: Path):
    ann = discord.person("Ann")
    async with bot(discord, tmp_path):
        imagine = await ann.types("/imagine", prompt="a fox", models="fake/two")
        await discord.until(lambda: "Edit prompt" in imagine.message.labels)
        edit = await ann.presses(imagine.message, "Edit prompt")
        new = await ann.submits(edit, {"Prompt": "an owl"})
        await discord.until(lambda: "an owl" in new.message.text and "Again" in new.message.labels)
    assert discord.findings == []


async def test_a_pictures_own_panel_opens_and_works(discord: LocalDiscord, tmp_path: Path):
    ann = discord.person("Ann")
    async with bot(discord, tmp_path):
        imagine = await ann.types("/imagine", prompt="a fox", models="fake/one, fake/two")
        await discord.until(lambda: "Again" in imagine.message.labels)
        panel = await ann.chooses(imagine.message, "1 · fake/one", placeholder="More for picture")
        await discord.until(lambda: "Original" in panel.reply.labels)
        original = await ann.presses(panel.reply, "Original")
        await discord.until(lambda: bool(original.reply.files))
        info = await ann.presses(panel.reply, "Info")
        await discord.until(lambda: "a fox" in info.reply.text)
        await ann.presses(panel.reply, "Delete")
        await discord.until(lambda: len(imagine.message.pictures) < 3)
    assert discord.findings == []


async def test_what_a_stop_interrupted_is_said_after_the_restart_and_not_paid_again(
    discord: LocalDiscord, tmp_path: Path
):
    ann = discord.person("Ann")
    async with bot(discord, tmp_path, slow=never):
        imagine = await ann.types("/imagine", prompt="a fox", models="fake/two, fake/slow")
        await discord.until(lambda: bool(imagine.message.pictures))
        assert "Cancel" in imagine.message.labels
    async with bot(discord, tmp_path, slow=at_once):
        await discord.until(lambda: "Retry failed (1)" in imagine.message.labels)
        assert "interrupted" in imagine.message.text
        assert len(imagine.message.pictures) == 1
        await ann.presses(imagine.message, "Retry failed (1)")
        await discord.until(lambda: len(imagine.message.pictures) == 3)
    assert discord.findings == []


async def test_only_the_asker_may_cancel_and_is_obeyed(discord: LocalDiscord, tmp_path: Path):
    ann, ben = discord.person("Ann"), discord.person("Ben", language="zh-CN")
    async with bot(discord, tmp_path, slow=never):
        imagine = await ann.types("/imagine", prompt="a fox", models="fake/slow")
        await discord.until(lambda: "Cancel" in imagine.message.labels)
        refused = await ben.presses(imagine.message, "Cancel")
        await discord.until(lambda: bool(refused.followups))
        assert refused.followups[0].ephemeral
        await ann.presses(imagine.message, "Cancel")
        await discord.until(lambda: "Retry failed (1)" in imagine.message.labels)
    assert discord.findings == []


@pytest.mark.parametrize(
    "variant",
    [{"keeps_files": False}, {"refuses_kept": True}, {"lists_v2_attachments": True}],
    ids=str,
)
async def test_an_album_is_whole_however_discord_treats_kept_files(tmp_path: Path, variant):
    gate = asyncio.Event()
    async with LocalDiscord(**variant) as discord, bot(discord, tmp_path, late=after(gate)):
        ann = discord.person("Ann")
        imagine = await ann.types("/imagine", prompt="a fox", models="fake/two, fake/late")
        await discord.until(lambda: len(imagine.message.pictures) == 1)
        gate.set()
        await discord.until(lambda: "Again" in imagine.message.labels)
        assert len(imagine.message.pictures) == 3
        assert None not in imagine.message.pictures


async def test_the_bot_itself_goes_on_when_the_token_of_the_interaction_has_died(
    discord: LocalDiscord, tmp_path: Path
):
    gate, ann = asyncio.Event(), discord.person("Ann")
    async with bot(discord, tmp_path, late=after(gate)):
        imagine = await ann.types("/imagine", prompt="a fox", models="fake/late")
        await discord.until(lambda: "Cancel" in imagine.message.labels)
        discord.clock.advance(16 * 60)
        gate.set()
        await discord.until(lambda: "Again" in imagine.message.labels)
        assert len(imagine.message.pictures) == 1


async def test_a_result_is_shared_by_a_second_press(discord: LocalDiscord, tmp_path: Path):
    ann, ben = discord.person("Ann"), discord.person("Ben")
    async with bot(discord, tmp_path):
        imagine = await ann.types("/imagine", prompt="a fox", models="fake/two")
        await discord.until(lambda: "Again" in imagine.message.labels)
        zipped = await ann.presses(imagine.message, "Zip")
        await discord.until(lambda: bool(zipped.reply.files))
        assert ben.sees(zipped.reply) is None
        shared = await ann.presses(zipped.reply, "Share")
        await discord.until(lambda: bool(shared.reply.files))
        assert ben.sees(shared.reply) is not None
    assert discord.findings == []


async def test_a_draft_is_used_after_a_restart_and_keeps_all_words(
    discord: LocalDiscord, tmp_path: Path
):
    ann = discord.person("Ann", language="zh-CN")
    async with OpenAIChat(says="a red fox in the snow") as server:
        allowed = Network(allow=(server.host_port,))
        async with bot(discord, tmp_path, network=allowed) as app:
            owner = Asker(owner=OwnerId(f"discord:user:{ann.account.id}"), place=PlaceId("x"))
            await app.keys.set(owner, ProviderId("openai"), "sk-of-ann-0123", server.base_url)
            asked = await ann.types("/translate", prompt="雪地里的红狐狸 --seed 7")
            await discord.until(lambda: "Use" in asked.reply.labels)
            assert asked.private
            assert "a red fox in the snow" in asked.reply.text
        async with bot(discord, tmp_path, network=allowed) as app:
            used = await ann.presses(asked.reply, "Use")
            await discord.until(lambda: "Again" in used.reply.labels)
            [job] = await app.history.recent(owner, search="红狐狸", limit=9)
            assert (job.work.prompt, job.work.parameters.seed) == ("a red fox in the snow", 7)
        assert sum(server.paid.values()) == 1
    assert discord.findings == []


async def test_automod_takes_the_prompt_and_leaves_the_pictures(
    discord: LocalDiscord, tmp_path: Path
):
    ann = discord.person("Ann")
    assert ann.place.guild
    ann.place.guild.automod.add("dragon")
    async with bot(discord, tmp_path):
        imagine = await ann.types("/imagine", prompt="a dragon", models="fake/two")
        await discord.until(lambda: "Again" in imagine.message.labels)
        assert "dragon" not in imagine.message.text
        assert len(imagine.message.pictures) == 1


async def test_what_is_too_large_for_the_place_goes_up_smaller(
    discord: LocalDiscord, tmp_path: Path
):
    discord.filesize_limit = 300_000
    noise = io.BytesIO()
    Image.effect_noise((1024, 1024), 90).convert("RGB").save(noise, "PNG")
    async with bot(discord, tmp_path, noisy=bringing(noise.getvalue())) as app:
        ann = discord.person("Ann")
        imagine = await ann.types("/imagine", prompt="a fox", models="fake/noisy")
        await discord.until(lambda: "Again" in imagine.message.labels)
        [picture] = imagine.message.pictures
        assert picture
        assert len(picture) <= 300_000
        owner = Asker(owner=OwnerId(f"discord:user:{ann.account.id}"), place=PlaceId("x"))
        [job] = await app.history.recent(owner, search=None, limit=1)
        assert job.images[0].bytes == len(noise.getvalue())
    assert discord.findings == []

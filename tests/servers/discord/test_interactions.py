"""First responses and what follows them: order, deadlines, and who may reach what."""

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.servers.discord import Can, Interaction, LocalDiscord, Person
from tests.servers.discord.conftest import Raw

HELLO = {"type": 4, "data": {"content": "hello"}}
DEFER = {"type": 5}
FLAG = 1 << 15
MODAL: dict[str, Any] = {
    "type": 9,
    "data": {
        "title": "t",
        "custom_id": "m",
        "components": [
            {
                "type": 18,
                "label": f"Field {n}",
                "component": {"type": 4, "custom_id": f"f{n}", "style": 1, "required": False},
            }
            for n in range(2)
        ],
    },
}
COMMAND = {
    "name": "go",
    "description": "Go",
    "integration_types": [0, 1],
    "options": [
        {"name": "word", "description": "w", "type": 3, "autocomplete": True},
        {"name": "often", "description": "o", "type": 4, "max_value": 3},
    ],
}


class Bot:
    """Answers by hand what the gateway brings."""

    def __init__(self, discord: LocalDiscord, raw: Raw) -> None:
        self.discord, self.raw = discord, raw

    async def identify(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        await socket.send_json({"op": 2, "d": {"token": self.discord.token, "intents": 0}})
        await self.discord.connected()

    async def asked(self, number: int = 1) -> Interaction:
        await self.discord.until(lambda: len(self.discord.interactions) >= number)
        return self.discord.interactions[number - 1]

    async def answer(self, made: Interaction, body: Any, **more: Any) -> tuple[int, Any]:
        path = f"/interactions/{made.id}/{made.token}/callback?with_response=1"
        return await self.raw("POST", path, body, **more)

    def path(self, made: Interaction, rest: str = "") -> str:
        return f"/webhooks/{self.discord.application}/{made.token}{rest}"


@pytest.fixture
async def bot(discord: LocalDiscord, raw: Raw):
    bot = Bot(discord, raw)
    status, _ = await raw("PUT", f"/applications/{discord.application}/commands", [COMMAND])
    assert status == 200
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{discord.gateway}?v=10&encoding=json") as socket,
    ):
        await bot.identify(socket)
        yield bot


@pytest.fixture
def ann(discord: LocalDiscord) -> Person:
    return discord.person("Ann")


async def _went(bot: Bot, act: Any, body: Any) -> Interaction:
    """The person acts, the bot answers with this."""
    count = len(bot.discord.interactions) + 1
    async with asyncio.TaskGroup() as both:
        acting = both.create_task(act)
        assert (await bot.answer(await bot.asked(count), body))[0] == 200
    made: Interaction = acting.result()
    return made


async def test_an_answer_is_given_once(bot: Bot, ann: Person):
    made = await _went(bot, ann.types("/go"), HELLO)

    status, reply = await bot.answer(made, HELLO)

    assert (status, reply["code"]) == (400, 40060)
    assert (made.message.content, made.deferred, made.private) == ("hello", False, False)
    assert made.acked is not None
    assert len(bot.discord.findings) == 1


async def test_an_answer_may_be_too_late(bot: Bot, ann: Person):
    async with asyncio.TaskGroup() as both:
        acting = both.create_task(ann.types("/go"))
        await bot.asked()
        bot.discord.clock.advance(3.1)
    made = acting.result()

    status, reply = await bot.answer(made, HELLO)

    assert made.failed
    assert (status, reply["code"]) == (404, 10062)
    assert (await bot.raw("POST", bot.path(made), {"content": "x"}))[1]["code"] == 10015
    assert bot.discord.findings == []


async def test_a_placeholder_takes_the_first_that_follows(bot: Bot, ann: Person):
    made = await _went(bot, ann.types("/go"), {**DEFER, "data": {"flags": 64}})
    assert made.message.loading

    _, first = await bot.raw("POST", bot.path(made), {"content": "one"})
    _, second = await bot.raw("POST", bot.path(made), {"content": "two"})

    assert first["id"] == str(made.message.id) != second["id"]
    assert (made.message.content, made.message.loading, made.private) == ("one", False, True)
    assert [message.content for message in made.followups] == ["two"]
    await bot.raw("DELETE", bot.path(made, "/messages/@original"))
    assert ann.sees(made.message) is None
    assert (await bot.raw("GET", bot.path(made, "/messages/@original")))[1]["code"] == 10008


async def test_a_placeholder_may_be_taken_away_and_answered_in_private(bot: Bot, ann: Person):
    made = await _went(bot, ann.types("/go"), DEFER)
    await bot.raw("DELETE", bot.path(made, "/messages/@original"))
    await bot.raw("POST", bot.path(made), {"content": "no", "flags": 64})

    assert ann.sees(made.message) is None
    assert (made.reply.content, made.reply.ephemeral) == ("no", True)


async def test_a_token_lives_a_quarter_of_an_hour(bot: Bot, ann: Person):
    made = await _went(bot, ann.types("/go"), HELLO)
    bot.discord.clock.advance(15 * 60 + 1)

    status, reply = await bot.raw("PATCH", bot.path(made, "/messages/@original"), {"content": "x"})

    assert (status, reply["code"]) == (401, 50027)


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": 5, "data": {"flags": FLAG}},
        {"type": 5, "data": {"content": "x"}},
        {"type": 6},
        {"type": 7, "data": {"content": "x"}},
        {"type": 8, "data": {"choices": []}},
        {"type": 4, "data": {}},
        {"type": 9, "data": {**MODAL["data"], "title": "x" * 46}},
        {"type": 9, "data": {**MODAL["data"], "components": []}},
        {"type": 9, "data": {**MODAL["data"], "components": [{"type": 10, "content": "x"}] * 6}},
    ],
)
async def test_a_command_cannot_be_answered_so(bot: Bot, ann: Person, wrong: Any):
    async with asyncio.TaskGroup() as both:
        both.create_task(ann.types("/go"))
        made = await bot.asked()
        assert (await bot.answer(made, wrong))[0] == 400
        assert len(bot.discord.findings) == 1
        assert (await bot.answer(made, HELLO))[0] == 200  # it is still unanswered


async def test_choices_are_limited(bot: Bot, ann: Person):
    async with asyncio.TaskGroup() as both:
        acting = both.create_task(ann.completes("/go", "word", "a"))
        made = await bot.asked()
        assert made.data["options"] == [{"name": "word", "type": 3, "value": "a", "focused": True}]
        choices = [{"name": str(n), "value": str(n)} for n in range(26)]
        assert (await bot.answer(made, {"type": 8, "data": {"choices": choices}}))[0] == 400
        right = {"type": 8, "data": {"choices": choices[:25]}}
        assert (await bot.answer(made, right))[0] == 200
    assert len(acting.result()) == 25


async def test_a_modal_is_no_answer_to_a_modal(bot: Bot, ann: Person):
    shown = await _went(bot, ann.types("/go"), MODAL)
    assert shown.modal["title"] == "t"
    async with asyncio.TaskGroup() as both:
        acting = both.create_task(ann.submits(shown, {"Field 1": "x"}))
        made = await bot.asked(2)
        assert (await bot.answer(made, MODAL))[0] == 400
        assert (await bot.answer(made, DEFER))[0] == 200
    values = [part["component"]["value"] for part in acting.result().data["components"]]
    assert values == ["", "x"]


async def test_a_press_may_change_its_message(bot: Bot, ann: Person):
    parts = [
        {"type": 1, "components": [{"type": 2, "style": 1, "label": "1 Split", "custom_id": "a"}]},
        {
            "type": 1,
            "components": [
                {"type": 3, "custom_id": "s", "options": [{"label": "One", "value": "1"}]}
            ],
        },
    ]
    made = await _went(
        bot, ann.types("/go"), {"type": 4, "data": {"content": "x", "components": parts}}
    )
    update = {"type": 7, "data": {"content": "y"}}
    async with asyncio.TaskGroup() as both:
        acting = both.create_task(ann.presses(made.message, label="Split"))
        now = await bot.asked(2)
        parts_v2 = [{"type": 12, "items": [{"media": {"url": "attachment://a.png"}}]}]
        wrong = {"flags": FLAG, "content": None, "components": parts_v2}
        wrong["attachments"] = [{"id": 0, "filename": "a.png"}]
        body = {"type": 7, "data": wrong}
        assert (await bot.answer(now, body, files={"a.png": b"a"}))[0] == 400  # never with files
        assert (await bot.answer(now, update))[0] == 200
    pressed = acting.result()
    assert made.message.content == "y"
    assert pressed.message is made.message
    assert pressed.answers == []
    chosen = await _went(bot, ann.chooses(made.message, "One"), {"type": 6})
    assert chosen.data["values"] == ["1"]
    await bot.raw("PATCH", bot.path(chosen, "/messages/@original"), {"content": "z"})
    assert made.message.content == "z"


async def test_a_private_message_is_its_reader_s_alone(bot: Bot, ann: Person):
    private = {"type": 4, "data": {"content": "x", "flags": 64}}
    made = await _went(bot, ann.types("/go"), private)
    ben = bot.discord.person("Ben")
    with pytest.raises(AssertionError, match="not for this person's eyes"):
        await ben.presses(made.message, "Split")
    path = f"/channels/{made.channel.id}/messages/{made.message.id}"
    assert (await bot.raw("PATCH", path, {"content": "y"}))[1]["code"] == 10008


async def test_where_only_people_bring_it_answers_are_limited(bot: Bot, ann: Person):
    discord = bot.discord
    lounge = discord.channel("lounge", discord.guild("Elsewhere", installed=False))
    made = await _went(bot, ann.types("/go", at=lounge), HELLO)
    statuses = [(await bot.raw("POST", bot.path(made), {"content": "x"}))[0] for _ in range(6)]
    assert statuses == [200] * 5 + [400]
    status, _ = await bot.raw("PATCH", bot.path(made, "/messages/@original"), {"content": "y"})
    assert status == 200
    discord.forbid(lounge, ann.account, Can.USE_EXTERNAL_APPS)
    assert (await _went(bot, ann.types("/go", at=lounge), HELLO)).private


@pytest.mark.usefixtures("bot")
async def test_the_client_offers_what_is_registered(ann: Person):
    assert ann.commands() == ["go"]
    with pytest.raises(LookupError, match="no 'gone' among"):
        await ann.types("/gone")
    with pytest.raises(AssertionError, match="often is at most 3"):
        await ann.types("/go", often=4)
    with pytest.raises(AssertionError, match="among"):
        await ann.types("/go", other=4)

"""Requests that Discord refuses, each with its own status and code."""

from typing import Any

import aiohttp
import pytest

from tests.servers.discord import Can, LocalDiscord
from tests.servers.discord.conftest import Raw

V2 = 1 << 15


def text(content: str) -> dict[str, Any]:
    return {"type": 10, "content": content}


def button(custom_id: str | None = "a", **more: Any) -> dict[str, Any]:
    spelt = {"type": 2, "style": 1, "label": "Split", **more}
    return spelt if custom_id is None else {**spelt, "custom_id": custom_id}


def row(*children: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(children)}


def gallery(*urls: str) -> dict[str, Any]:
    return {"type": 12, "items": [{"media": {"url": url}} for url in urls]}


def select(count: int, **more: Any) -> dict[str, Any]:
    options = [{"label": f"l{n}", "value": f"v{n}", **more} for n in range(count)]
    return {"type": 3, "custom_id": "s", "options": options}


FILE = "https://example.com/a.png"
BAD_MESSAGES = {
    "41 components": [text("x") for _ in range(41)],
    "41 nested": [row(*(button(f"{r}{b}") for b in range(4))) for r in range(8)] + [text("x")],
    "4001 signs": [text("x" * 2001), text("y" * 2000)],
    "11 media": [gallery(*[FILE] * 11)],
    "no media": [gallery()],
    "unknown reference": [gallery("attachment://nowhere.png")],
    "same custom_id": [row(button("a"), button("a"))],
    "no custom_id": [row(button(None))],
    "custom_id of 101": [row(button("a" * 101))],
    "label of 81": [row(button(label="x" * 81))],
    "no label": [row(button(label=None))],
    "6 in a row": [row(*(button(str(n)) for n in range(6)))],
    "select beside a button": [row(button(), select(2))],
    "26 options": [row(select(26))],
    "no option": [row(select(0))],
    "option label of 101": [row(select(1, label="x" * 101))],
    "same option": [row(select(2, value="v"))],
    "section without accessory": [{"type": 9, "components": [text("x")]}],
    "empty container": [{"type": 17, "components": []}],
    "button on top": [button()],
    "misspelt field": [row(button(custom="a"))],
}


@pytest.mark.parametrize("spec", [True, False], ids=["described", "undescribed"])
@pytest.mark.parametrize("name", BAD_MESSAGES)
async def test_a_bad_message_is_refused_and_noted(name: str, spec: bool):  # noqa: FBT001
    more: dict[str, Any] = {} if spec else {"spec": None}
    if name == "misspelt field" and not LocalDiscord(**more).validates:
        pytest.skip("only Discord's description knows it")
    async with LocalDiscord(**more) as discord, aiohttp.ClientSession() as session:
        raw = Raw(session, discord)
        path = f"/channels/{discord.channel('general').id}/messages"
        components = BAD_MESSAGES[name]
        if name == "41 nested":
            assert len(components) * 5 - 4 == 41
        status, reply = await raw("POST", path, {"flags": V2, "components": components})

        assert (status, reply["code"]) == (400, 50035)
        assert reply["errors"]
        assert len(discord.findings) == 1
        assert discord.messages == {}


async def test_components_v2_excludes_what_is_classic(discord: LocalDiscord, raw: Raw):
    path = f"/channels/{discord.channel('general').id}/messages"
    parts = [text("x")]
    for wrong in (
        {"components": parts},
        {"components": parts, "flags": V2, "content": "x"},
        {"components": parts, "flags": V2, "embeds": [{"title": "x"}]},
    ):
        status, reply = await raw("POST", path, wrong)
        assert (status, reply["code"]) == (400, 50035)
    _, made = await raw("POST", path, {"components": parts, "flags": V2})
    changes: list[dict[str, Any]] = [{"flags": 0}, {"content": "x"}]
    for change in changes:
        status, reply = await raw("PATCH", f"{path}/{made['id']}", change)
        assert (status, reply["code"]) == (400, 50035)

    _, classic = await raw("POST", path, {"content": "x"})
    change = {"components": parts, "flags": V2}
    assert (await raw("PATCH", f"{path}/{classic['id']}", change))[0] == 400
    assert (await raw("PATCH", f"{path}/{classic['id']}", {**change, "content": None}))[0] == 200


async def test_files_have_their_limits(discord: LocalDiscord, raw: Raw):
    path = f"/channels/{discord.channel('general').id}/messages"
    ten = {f"{n}.png": b"x" for n in range(10)}
    assert (await raw("POST", path, {}, files=ten))[0] == 200
    assert (await raw("POST", path, {}, files={**ten, "11.png": b"x"}))[0] == 400
    discord.guild_filesize_limit = 10
    status, reply = await raw("POST", path, {}, files={"a": b"x" * 11})
    assert (status, reply["code"]) == (413, 40005)
    discord.request_limit = 10
    assert (await raw("POST", path, {}, files=ten))[0] == 413


async def test_an_edit_keeps_what_it_lists(discord: LocalDiscord, raw: Raw):
    path = f"/channels/{discord.channel('general').id}/messages"
    _, made = await raw("POST", path, {}, files={"a.png": b"a", "b.png": b"b"})
    edit = f"{path}/{made['id']}"
    first, second = made["attachments"]

    await raw("PATCH", edit, {"content": "x"})
    message = discord.messages[int(made["id"])]
    assert message.files == {"a.png": b"a", "b.png": b"b"}
    new = {"id": 0, "filename": "c.png"}
    await raw("PATCH", edit, {"attachments": [{"id": second["id"]}, new]}, files={"c.png": b"c"})
    assert message.files == {"b.png": b"b", "c.png": b"c"}
    assert (await raw("PATCH", edit, {"attachments": [{"id": first["id"]}]}))[0] == 400


async def test_an_edit_of_v2_with_a_file_lists_it(discord: LocalDiscord, raw: Raw):
    path = f"/channels/{discord.channel('general').id}/messages"
    _, made = await raw("POST", path, {"flags": V2, "components": [text("x")]})
    change: dict[str, Any] = {"flags": V2, "components": [gallery("attachment://a.png")]}
    edit = f"{path}/{made['id']}"

    assert (await raw("PATCH", edit, change, files={"a.png": b"a"}))[0] == 400
    change["attachments"] = [{"id": "0", "filename": "a.png"}]
    assert (await raw("PATCH", edit, change, files={"a.png": b"a"}))[0] == 200
    message = discord.messages[int(made["id"])]
    assert message.pictures == [b"a"]
    kept = {"id": str(message.attachments[0].id)}
    assert (await raw("PATCH", edit, {**change, "attachments": [kept]}))[0] == 400  # no name


async def test_whom_a_message_calls_is_known(discord: LocalDiscord, raw: Raw):
    path = f"/channels/{discord.channel('general').id}/messages"
    ann = discord.person("Ann")
    said = {"content": f"<@{ann.id}> @everyone"}
    await raw("POST", path, said)
    await raw("POST", path, {**said, "allowed_mentions": {"parse": []}})
    await raw("POST", path, {**said, "allowed_mentions": {"parse": [], "users": [str(ann.id)]}})

    pinged = [message.pinged for message in discord.messages.values()]
    assert pinged == [["Ann", "everyone"], [], ["Ann"]]


async def test_permissions_are_asked_for(discord: LocalDiscord, raw: Raw):
    place = discord.channel("general")
    path = f"/channels/{place.id}/messages"
    discord.forbid(place, discord.bot, Can.ATTACH_FILES)
    assert await _code(raw("POST", path, {}, files={"a.png": b"a"})) == (403, 50013)
    discord.forbid(place, discord.bot, Can.SEND_MESSAGES)
    assert await _code(raw("POST", path, {"content": "x"})) == (403, 50013)
    discord.permit(place, discord.bot, Can.SEND_MESSAGES)
    assert (await raw("POST", path, {"content": "x"}))[0] == 200
    discord.forbid(place, discord.bot, Can.VIEW_CHANNEL)
    assert await _code(raw("POST", path, {"content": "x"})) == (403, 50001)
    discord.delete_channel(place)
    assert await _code(raw("POST", path, {"content": "x"})) == (404, 10003)
    assert await _code(raw("GET", "/users/@me", key="wrong")) == (401, 0)
    elsewhere = discord.channel("x", discord.guild("Elsewhere", installed=False))
    assert await _code(raw("POST", f"/channels/{elsewhere.id}/messages", {})) == (403, 50001)
    assert discord.findings == []


async def test_words_may_be_blocked(discord: LocalDiscord, raw: Raw):
    place = discord.channel("general")
    discord.guilds[0].automod.add("fox")
    said = {"flags": V2, "components": [text("A Fox")]}
    assert await _code(raw("POST", f"/channels/{place.id}/messages", said)) == (400, 200000)


async def test_a_dm_may_be_closed(discord: LocalDiscord, raw: Raw):
    ann = discord.person("Ann")
    _, opened = await raw("POST", "/users/@me/channels", {"recipient_id": str(ann.id)})
    path = f"/channels/{opened['id']}/messages"
    assert (await raw("POST", path, {"content": "x"}))[0] == 200
    ann.account.accepts_dms = False
    assert await _code(raw("POST", path, {"content": "x"})) == (403, 50007)


async def test_a_nonce_is_sent_once(discord: LocalDiscord, raw: Raw):
    path = f"/channels/{discord.channel('general').id}/messages"
    said = {"content": "x", "nonce": "1", "enforce_nonce": True}
    assert (await raw("POST", path, said))[1]["id"] == (await raw("POST", path, said))[1]["id"]
    assert len(discord.messages) == 1


async def _code(answer: Any) -> tuple[int, int]:
    status, reply = await answer
    return status, reply["code"]

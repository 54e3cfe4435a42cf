"""Lists of commands that Discord refuses, and what becomes of those that it takes."""

from typing import Any

import pytest

from tests.servers.discord import LocalDiscord
from tests.servers.discord.conftest import Raw

COMMAND = {"name": "go", "description": "Go"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "Go", "description": "x"},
        {"name": "a b", "description": "x"},
        {"name": "go", "description": ""},
        {"name": "go", "description": "x" * 101},
        {"name": "go", "description": "x", "name_localizations": {"zh-CN": "大 写"}},
        {"name": "go", "description": "x", "description_localizations": {"zh": "x"}},
        {"name": "go", "type": 3, "description": "x"},
        {
            "name": "go",
            "description": "x",
            "options": [{"name": str(n), "description": "x", "type": 3} for n in range(26)],
        },
        {
            "name": "go",
            "description": "x",
            "options": [
                {"name": "a", "description": "x", "type": 3},
                {"name": "b", "description": "x", "type": 3, "required": True},
            ],
        },
        {
            "name": "go",
            "description": "x",
            "options": [
                {
                    "name": f"{n}",
                    "description": "x" * 100,
                    "type": 3,
                    "choices": [{"name": "y" * 100, "value": "y" * 99 + str(c)} for c in "123"],
                }
                for n in range(12)
            ],
        },
    ],
)
async def test_a_bad_command_is_refused(discord: LocalDiscord, raw: Raw, wrong: Any):
    path = f"/applications/{discord.application}/commands"
    assert (await raw("PUT", path, [wrong]))[0] == 400
    assert discord.commands == {}


async def test_commands_keep_their_ids(discord: LocalDiscord, raw: Raw):
    path = f"/applications/{discord.application}/commands"
    _, [first] = await raw("PUT", path, [COMMAND])
    _, [second] = await raw("PUT", path, [{**COMMAND, "description": "new"}])
    assert first["id"] == second["id"]
    assert (await raw("GET", path))[1] == [second]


async def test_people_see_commands_in_their_language_and_where_they_belong(
    discord: LocalDiscord, raw: Raw
):
    add = {"name": "add", "description": "x", "type": 1, "name_localizations": {"zh-CN": "添加"}}
    keys = {
        "name": "keys",
        "description": "x",
        "name_localizations": {"zh-CN": "密钥"},
        "contexts": [0],
        "options": [add, {"name": "list", "description": "x", "type": 1}],
    }
    await raw("PUT", f"/applications/{discord.application}/commands", [COMMAND, keys])
    ann, li = discord.person("Ann"), discord.person("Li", language="zh-CN")

    assert ann.commands() == ["go", "keys add", "keys list"]
    assert li.commands() == ["go", "密钥 添加", "密钥 list"]
    assert ann.commands(ann.dm) == ["go"]
    with pytest.raises(LookupError, match="needs one of"):
        await li.types("/密钥")

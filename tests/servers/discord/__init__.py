"""A local Discord for tests: REST, gateway and files over real sockets, on this machine only.

    async with LocalDiscord() as discord:
        ...  # a client at discord.api_base and discord.gateway, with discord.token
        ann = discord.person("Ann", language="zh-CN")
        imagine = await ann.types("/imagine", prompt="a fox")
        await discord.until(lambda: "Again" in imagine.message.labels)
        assert discord.findings == []

It enforces Discord's rules with Discord's status and codes; what the client did wrong that it
could have known is also in `findings`. Where nobody knows what Discord does (may an edit of a
Components V2 message keep files?), it can be told to play each variant.
"""

from tests.servers.discord.interactions import Interaction
from tests.servers.discord.person import Person
from tests.servers.discord.refused import Refused
from tests.servers.discord.server import LocalDiscord
from tests.servers.discord.things import Account, Can, Channel, Guild, Message, Role
from tests.servers.discord.world import Request, Upload

__all__ = [
    "Account",
    "Can",
    "Channel",
    "Guild",
    "Interaction",
    "LocalDiscord",
    "Message",
    "Person",
    "Refused",
    "Request",
    "Role",
    "Upload",
]

"""What the front end is made of: commands, buttons and the courier over one client."""

from functools import partial
from typing import TYPE_CHECKING

from bot.courier import Courier
from bot.discord import about, imagine, keys, past, writing
from bot.discord.buttons import on_press
from bot.discord.client import Client, Parts, Tree
from bot.discord.deliver import Deliverer
from bot.discord.front import Front

if TYPE_CHECKING:
    from core.app import App


def parts_of(app: "App", client: Client) -> Parts:
    courier = Courier(app, Deliverer(app, client))
    front = Front(app=app, courier=courier)

    def register(tree: Tree, _: Client) -> None:
        for commands in (imagine, writing, past, keys, about):
            commands.register(tree, front)

    return Parts(register=register, on_press=partial(on_press, front), beside=courier.run)

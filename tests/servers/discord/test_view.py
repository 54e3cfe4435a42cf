"""The page of a message holds what the message shows."""

from tests.fakes import png
from tests.servers.discord import LocalDiscord
from tests.servers.discord.conftest import running
from tests.servers.discord.markup import to_html
from tests.servers.discord.view import html_of, html_of_modal


async def test_an_album_is_drawn_with_its_pictures_and_buttons(discord: LocalDiscord):
    ann = discord.person("Ann")
    async with running(discord):
        imagine = await ann.types("/imagine", prompt="a fox", private=True)
        await discord.until(lambda: len(imagine.message.labels) == 2)
    page = html_of(imagine.message)

    assert page.count("data:image/png;base64,") == 2
    assert page.count(">Split</span>") == 2
    assert "Only you can see this" in page


async def test_a_classic_message_and_a_modal_are_drawn(discord: LocalDiscord):
    ann = discord.person("Ann")
    files = {"fox.png": png("teal", (8, 8)), "all.zip": b"zip"}
    embed = {"title": "Fox", "description": "**red**", "fields": [{"name": "n", "value": "v"}]}
    posted = discord.post(ann.place, ann, "look", files=files, embeds=[embed])
    async with running(discord):
        shown = await ann.opens_context_menu("Split grid", posted)
        pressed = await ann.presses(shown.message, "Edit")

    page = html_of(posted)
    assert all(part in page for part in ("look", "data:image/png", "all.zip", "<b>red</b>"))
    assert all(part in html_of_modal(pressed) for part in ("Edit prompt", "Prompt *", "Translate"))


def test_markup_is_drawn_and_nothing_else_gets_through():
    assert to_html("# **a** `*b*` <x>") == "<h1><b>a</b> <code>*b*</code> &lt;x&gt;</h1>"
    assert to_html(r"\*a\*") == "<div>*a*</div>"
    assert to_html("-# small") == "<small>small</small>"

"""A state of a job as messages: pure values first, discord.py's objects last."""

from bot.discord.render.album import comparison_pages
from bot.discord.render.runs import panel_page, text_pages, tool_pages
from bot.discord.render.values import Page, Picture, Showing
from bot.discord.render.views import MakeItem, classic_of, view_of

__all__ = [
    "MakeItem",
    "Page",
    "Picture",
    "Showing",
    "classic_of",
    "comparison_pages",
    "panel_page",
    "text_pages",
    "tool_pages",
    "view_of",
]

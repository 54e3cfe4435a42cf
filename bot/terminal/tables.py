from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.words.captions import say_attempt, say_card, say_cost, say_told
from core.models.attempt import Cost

if TYPE_CHECKING:
    from bot.words import Speech
    from core.models.card import Card
    from core.models.job import Job

_PROMPT = 60  # characters of a prompt in a list
_WIDE = 240


def print_table(table: Table) -> None:
    """A pipe or a log has no width of its own: it gets lines long enough not to be broken."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDE)
    console.print(table)


def models_table(_: "Speech", cards: Sequence["Card"]) -> Table:
    table = _table(_("model"), _("parameters"), _("price"), _("key"))
    for card in cards:
        price = Cost(amount=card.price.amount, exact=True) if card.price else None
        table.add_row(
            Text(card.model, style="bold"),
            Text(say_card(_, card)),
            Text(say_cost(_, price)),
            Text(_("needed") if card.needs_key else _("not needed")),
        )
    return table


def history_table(_: "Speech", jobs: Sequence["Job"]) -> Table:
    table = _table(_("id"), _("when"), _("pictures"), _("prompt"))
    for job in jobs:
        prompt = " ".join(job.work.prompt.split())
        shown = prompt if len(prompt) <= _PROMPT else f"{prompt[: _PROMPT - 1]}…"
        when = datetime.fromtimestamp(job.created).astimezone().strftime("%Y-%m-%d %H:%M")
        table.add_row(
            Text(job.id, style="bold"),
            Text(when),
            Text(f"{len(job.images)}/{len(job.attempts)}"),
            Text(shown),
        )
    return table


def job_table(_: "Speech", job: "Job") -> Table:
    table = Table.grid(padding=(0, 2))
    table.title = Text(job.work.prompt)
    table.title_justify = "left"
    several = job.work.parameters.pictures > 1
    for attempt in job.attempts:
        table.add_row(
            Text(say_attempt(attempt, several=several), style="bold"), Text(say_told(_, attempt))
        )
    return table


def _table(*heads: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in heads:
        table.add_column(head, header_style="dim", overflow="fold")
    return table

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.terminal.plain import one_line
from bot.words.captions import say_attempt, say_card, say_price, say_told
from bot.words.failures import say_text_failure
from bot.words.tools import say_made
from core.ids import provider_of

if TYPE_CHECKING:
    from bot.words import Speech
    from core.ids import ProviderId
    from core.models.card import Card
    from core.models.job import Comparison, TextRun
    from core.models.key import KeyNote
    from core.ports.tools import WeightsNote
    from core.usecases.pictures import PictureFacts

_PROMPT = 60  # characters of a prompt in a list
_WIDE = 240
_MB = 1_000_000


def print_table(table: Table) -> None:
    """A pipe or a log has no width of its own: it gets lines long enough not to be broken."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDE)
    console.print(table)


def models_table(_: "Speech", cards: Sequence["Card"], keys: Collection["ProviderId"]) -> Table:
    table = _table(_("model"), _("parameters"), _("price"), _("key"))
    for card in cards:
        table.add_row(
            Text(card.model, style="bold"),
            Text(say_card(_, card)),
            Text(say_price(_, card)),
            Text(_key(_, card, keys)),
        )
    return table


def keys_table(_: "Speech", notes: Sequence["KeyNote"]) -> Table:
    table = _table(_("provider"), _("last four"), _("server"), _("added"), _("last used"))
    for note in notes:
        table.add_row(
            Text(note.provider, style="bold"),
            Text(note.last_four),
            Text(note.base_url or _("the provider's own")),
            Text(_day(note.added)),
            Text(_day(note.used) if note.used else _("never")),
        )
    return table


def _key(_: "Speech", card: "Card", keys: Collection["ProviderId"]) -> str:
    if not card.needs_key:
        return _("not needed")
    return _("there") if provider_of(card.model) in keys else _("needed")


def weights_table(_: "Speech", notes: Sequence["WeightsNote"]) -> Table:
    table = _table(_("model"), _("file size"), _("licence"), _("installed"))
    for note in notes:
        installed = str(note.path) if note.path else ""
        used = note.preferred and note.path
        size = note.bytes and _("{size} MB", size=f"{note.bytes / _MB:.1f}")
        table.add_row(
            Text(note.name, style="bold"),
            Text(size or ""),
            Text(note.licence),
            Text(_("{path} (used)", path=installed) if used else installed),
        )
    return table


def picture_table(_: "Speech", facts: "PictureFacts") -> Table:
    table = Table.grid(padding=(0, 2))
    measured = facts.measured
    size = f"{measured.format.upper()} · {measured.width} × {measured.height}"
    table.add_row(Text(_("picture"), style="bold"), Text(size))
    made = say_made(_, facts.made) if facts.made else []
    for name, value in made:
        lines = "\n".join(map(one_line, value.splitlines()))
        table.add_row(Text(one_line(name), style="bold"), Text(lines))
    if not made:
        table.add_row(Text(_("prompt"), style="bold"), Text(_("none is kept in this file")))
    return table


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")


def history_table(_: "Speech", jobs: Sequence["Comparison"]) -> Table:
    table = _table(_("id"), _("when"), _("pictures"), _("prompt"))
    for job in jobs:
        table.add_row(
            Text(job.id, style="bold"),
            Text(_day(job.created)),
            Text(f"{len(job.images)}/{len(job.attempts)}"),
            Text(_shown(job.work.prompt)),
        )
    return table


def drafts_table(_: "Speech", runs: Sequence["TextRun"]) -> Table:
    table = _table(_("id"), _("when"), _("your words"), _("prompt"))
    for run in runs:
        table.add_row(
            Text(run.id, style="bold"),
            Text(_day(run.created)),
            Text(_shown(run.draft.original)),
            Text(say_text_failure(_, run, run.failure), style="dim")
            if run.failure
            else Text(_shown(run.draft.text)),
        )
    return table


def draft_table(_: "Speech", run: "TextRun") -> Table:
    table = Table.grid(padding=(0, 2))
    named = {
        _("your words"): run.draft.original,
        _("translated"): run.draft.translated,
        _("enhanced"): run.draft.enhanced,
        _("text model"): run.work.model,
        _("failed"): run.failure and say_text_failure(_, run, run.failure),
    }
    for name, text in named.items():
        if text:
            table.add_row(Text(name, style="bold"), Text(text))
    return table


def _shown(prompt: str) -> str:
    line = " ".join(prompt.split())
    return line if len(line) <= _PROMPT else f"{line[: _PROMPT - 1]}…"


def job_table(_: "Speech", job: "Comparison") -> Table:
    table = Table.grid(padding=(0, 2))
    table.title = Text(job.work.prompt)
    table.title_justify = "left"
    draft = job.work.draft
    if draft:
        named = {
            _("your words"): draft.original,
            _("translated"): draft.translated,
            _("enhanced"): draft.enhanced,
        }
        for name, text in named.items():
            if text and text != job.work.prompt:
                table.add_row(Text(name, style="dim"), Text(text))
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

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

import click

from bot.terminal.after import use_after
from bot.terminal.changes import Changes
from bot.terminal.exits import DONE, FAILED, INTERRUPTED
from bot.terminal.facts import counts
from bot.terminal.folder import ROOT, Folder, check_writable, default_folder
from bot.terminal.stopping import cancel_when, ctrl_c, unheard
from bot.terminal.terminal import Terminal
from bot.terminal.views import JsonLines, LiveTable, PlainLines, View, print_json
from bot.words import Speech
from core.app import App
from core.models.job import Comparison
from core.models.tool import Cutout, Split


async def follow(
    terminal: Terminal,
    app: App,
    begin: Callable[[], Awaitable[Comparison]],
    *,
    out: Path | None,
    as_json: bool,
    with_zip: bool = True,
    tools: Sequence[Split | Cutout] = (),
) -> int:
    """Begin a comparison, show it to its end and leave its folder; Ctrl-C keeps what landed.

    `tools` are used on each picture at the end.
    """
    await asyncio.to_thread(check_writable, out or ROOT)
    job = await begin()
    folder = Folder(app, terminal.speech, out or default_folder(job), with_zip=with_zip)
    view = _view(terminal, folder, job, as_json=as_json)
    stopped = asyncio.Event()
    with ctrl_c(stopped):
        job = await _watched(terminal, app, job, folder, view, stopped)
        await folder.close(job)
        used = [
            await use_after(terminal, app, job, folder, tool, stopped, as_json=as_json)
            for tool in tools
        ]
        with unheard():
            if as_json:
                print_json(_done(job, folder))
            else:
                _say_end(terminal, app, job, folder)
        code = _code(terminal, job, folder, stopped=stopped.is_set())
        return code if all(used) else max(code, FAILED)


def _done(job: Comparison, folder: Folder) -> dict[str, Any]:
    return {"event": "done", "id": job.id, "out": str(folder.path), "counts": counts(job)}


async def _watched(
    terminal: Terminal,
    app: App,
    job: Comparison,
    folder: Folder,
    view: View,
    stopped: asyncio.Event,
) -> Comparison:
    changes, now = Changes(job), job
    async with asyncio.TaskGroup() as group:
        canceller = group.create_task(cancel_when(terminal, app, job.id, stopped))
        try:
            async with aclosing(app.jobs.watch(job.id, Comparison)) as states:
                async for now in states:
                    await folder.add(now)
                    _show(view, now, changes)
        finally:
            view.close()
            canceller.cancel()
    return now


def _show(view: View, job: Comparison, changes: Changes) -> None:
    with unheard():
        for change in changes.of(job):
            view.show(job, change)
        view.look(job)


def _view(terminal: Terminal, folder: Folder, job: Comparison, *, as_json: bool) -> View:
    if as_json:
        return JsonLines(terminal.speech, folder)
    if sys.stdout.isatty():
        return LiveTable(terminal.speech, job)
    return PlainLines(terminal.speech)


def _say_end(terminal: Terminal, app: App, job: Comparison, folder: Folder) -> None:
    _ = terminal.speech
    if folder.problem is None:
        click.echo()
        _say_folder(_, job, folder)
    click.echo(_("  omniimage again {id} paints it once more.", id=job.id))
    if job.missing:
        click.echo(_("  omniimage retry {id} sends what is missing.", id=job.id))
    if all(app.catalog.is_demo(model) for model in job.work.models):
        click.echo(
            _(
                "These were demo models. Next: omniimage keys set openai adds your own key; "
                "omniimage run will start a bot."
            )
        )


def _say_folder(_: Speech, job: Comparison, folder: Folder) -> None:
    if not job.images:
        click.echo(_("What was asked and what failed is in {path}", path=folder.path))
        return
    click.echo(
        _.n(
            "{count} picture is in {path}",
            "{count} pictures are in {path}",
            len(job.images),
            path=folder.path,
        )
    )
    click.echo(_("  sheet.png shows them side by side."))


def _code(terminal: Terminal, job: Comparison, folder: Folder, *, stopped: bool) -> int:
    _ = terminal.speech
    if folder.problem is not None:
        click.echo(
            _(
                "{path} cannot be written. The pictures are kept: "
                "omniimage show {id} --out DIR writes them elsewhere.",
                path=folder.path,
                id=job.id,
            ),
            err=True,
        )
    if stopped:
        click.echo(_("Stopped. The pictures that had arrived are kept."), err=True)
        return INTERRUPTED
    if not job.images:
        click.echo(_("No picture came; the reason is given for each model."), err=True)
    return DONE if job.images and folder.problem is None else FAILED

"""`omniimage keys`."""

import sys
from typing import TYPE_CHECKING

import click

from bot.terminal.asking import ask
from bot.terminal.options import json_option
from bot.terminal.speaking import Command, Context
from bot.terminal.terminal import Terminal
from bot.words.speech import mark
from core.ids import ProviderId

if TYPE_CHECKING:
    from core.app import App


class _Keys(click.Group):
    context_class = Context


@click.group(
    "keys",
    cls=_Keys,
    help=mark("API keys of the owner local, the operator at this terminal. They lie encrypted."),
    short_help=mark("Set, list and forget your API keys."),
    epilog=mark("Example: omniimage keys set openai"),
)
def command() -> None:
    pass


@command.command(
    "set",
    cls=Command,
    help=mark("Keep a key for a provider. It is typed unseen, or read from standard input."),
    short_help=mark("Keep a key for a provider."),
    epilog=mark("Example: omniimage keys set custom --base-url http://127.0.0.1:8000/v1"),
)
@click.argument("provider", metavar="PROVIDER")
@click.option(
    "--base-url",
    metavar="URL",
    help=mark("A server that speaks OpenAI's images API, in place of the provider's own."),
)
@click.pass_obj
def set_key(terminal: Terminal, /, provider: str, *, base_url: str | None) -> int:
    async def work(app: "App") -> int:
        _ = terminal.speech
        app.keys.check(terminal.asker, ProviderId(provider), base_url)
        secret = _read(terminal, provider)
        note = await app.keys.set(terminal.asker, ProviderId(provider), secret, base_url)
        click.echo(
            _(
                "Kept for the owner local: the key for {provider} that ends in {last_four}.",
                provider=provider,
                last_four=note.last_four,
            )
        )
        return 0

    return terminal.run(work)


@command.command(
    "list",
    cls=Command,
    help=mark("List the keys: provider, last four signs, server, when added and last used."),
    short_help=mark("List the keys."),
    epilog=mark("Example: omniimage keys list --json"),
)
@json_option
@click.pass_obj
def list_keys(terminal: Terminal, *, as_json: bool) -> int:
    from bot.terminal.facts import key_facts
    from bot.terminal.tables import keys_table, print_table
    from bot.terminal.views import print_json

    async def work(app: "App") -> int:
        _ = terminal.speech
        notes = await app.keys.list(terminal.asker)
        if as_json:
            for note in notes:
                print_json(key_facts(note))
        elif notes:
            click.echo(_("Keys of the owner local:"))
            print_table(keys_table(_, notes))
        else:
            click.echo(_("The owner local has no key yet. omniimage keys set PROVIDER adds one."))
        return 0

    return terminal.run(work)


@command.command(
    "forget",
    cls=Command,
    help=mark("Forget the key for a provider, or with --all every key of the owner local."),
    short_help=mark("Forget a key."),
    epilog=mark("Example: omniimage keys forget openai"),
)
@click.argument("provider", required=False, metavar="[PROVIDER]")
@click.option("--all", "everything", is_flag=True, help=mark("Forget every key."))
@click.pass_obj
def forget_key(terminal: Terminal, /, provider: str | None, *, everything: bool) -> int:
    _ = terminal.speech
    if (provider is None) != everything:
        raise click.BadParameter(_("Name a provider, or give --all."), click.get_current_context())

    async def work(app: "App") -> int:
        _ = terminal.speech
        wanted = None if provider is None else ProviderId(provider)
        count = await app.keys.forget(terminal.asker, wanted)
        if count:
            click.echo(
                _.n(
                    "{count} key of the owner local is forgotten.",
                    "{count} keys of the owner local are forgotten.",
                    count,
                )
            )
            return 0
        click.echo(_("There was no such key; omniimage keys list shows them."), err=True)
        return 0 if everything else 1

    return terminal.run(work, verify_keys=False)


@command.command(
    "rotate",
    cls=Command,
    help=mark("Make a new master key and encrypt every key of every owner with it."),
    short_help=mark("Make a new master key."),
    epilog=mark("Example: omniimage keys rotate"),
)
@click.pass_obj
def rotate_keys(terminal: Terminal) -> int:
    async def work(app: "App") -> int:
        _ = terminal.speech
        count = await app.keys.rotate()
        click.echo(
            _.n(
                "A new master key is in place; {count} key was encrypted with it.",
                "A new master key is in place; {count} keys were encrypted with it.",
                count,
            )
        )
        return 0

    return terminal.run(work)


def _read(terminal: Terminal, provider: str) -> str:
    """Never an argument: those stand in the shell's history and in every list of processes."""
    _ = terminal.speech
    if not sys.stdin.isatty():
        try:
            return sys.stdin.readline()
        except UnicodeError:
            return ""  # no key either
    text = _("API key for {provider} (typing stays unseen)", provider=provider)
    return ask(text, hidden=True)

import ast
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from string import Formatter

import click
import polib
import pytest
from babel.messages.extract import extract_from_dir

import bot
from bot.cli import omniimage

BOT = Path(bot.__file__).parent
KEYWORDS = {"_": None, "mark": None, "n": (1, 2)}
PRINTERS = {"echo", "secho", "Text", "add_column", "_table", "fail", "BadParameter", "UsageError"}
HELP = {"help", "short_help", "epilog"}

# A file, a command with its name, an option: what a person types or looks for as it is.
TYPED = re.compile(r"[\w.]+\.(?:png|zip|toml|md)\b|omniimage \w+|(?<!\S)--?\w[\w-]*|\b[A-Z]{2,}\b")

Sentence = str | tuple[str, ...]


def catalogue() -> polib.POFile:
    return polib.pofile((resources.files("bot.words") / "catalogues" / "zh.po").read_text("utf-8"))


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(BOT.rglob("*.py")):
        yield path.relative_to(BOT.parent), ast.parse(path.read_text("utf-8"))


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def name_of(callee: ast.expr) -> str:
    """`_`, `mark`, `n` of `_.n`, `echo` of `click.echo`, `speech()` of `speech()(...)`."""
    match callee:
        case ast.Name():
            return callee.id
        case ast.Attribute():
            return callee.attr
        case ast.Call():
            return f"{name_of(callee.func)}()"
        case _:
            return ""


def texts(call: ast.Call) -> list[str] | None:
    """The sentence that a call has translated, in its forms; None for any other call."""
    forms = {"_": 1, "mark": 1, "speech()": 1, "n": 2}.get(name_of(call.func))
    if forms is None:
        return None
    given = call.args[:forms]
    return [arg.value for arg in given if isinstance(arg, ast.Constant) and type(arg.value) is str]


def in_code() -> set[Sentence]:
    extracted = extract_from_dir(BOT, method_map=[("**.py", "python")], keywords=KEYWORDS)
    found: set[Sentence] = {message for _, _, message, _, _ in extracted}
    for _, tree in trees():  # Babel has no keyword for a call of a call
        for call in calls(tree):
            if name_of(call.func) == "speech()":
                found.update(texts(call) or ())
    return found


def in_catalogue(entry: polib.POEntry) -> Sentence:
    return (entry.msgid, entry.msgid_plural) if entry.msgid_plural else entry.msgid


def translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def bare(value: ast.expr) -> bool:
    """Whether a person would read letters of the source here, in one branch at least."""
    match value:
        case ast.Constant():
            return isinstance(value.value, str) and any(char.isalpha() for char in value.value)
        case ast.JoinedStr():
            return any(bare(part) for part in value.values)
        case ast.IfExp():
            return bare(value.body) or bare(value.orelse)
        case ast.BinOp():
            return bare(value.left) or bare(value.right)
        case ast.BoolOp():
            return any(bare(part) for part in value.values)
        case _:
            return False


def untranslated(tree: ast.AST) -> list[int]:
    """The lines where a text goes to a person without having been through the catalogue."""
    found: set[int] = set()
    for call in calls(tree):
        if name_of(call.func) in PRINTERS:
            found.update(arg.lineno for arg in call.args if bare(arg))
        for keyword in call.keywords:
            value = keyword.value
            marked = isinstance(value, ast.Call) and name_of(value.func) == "mark"
            if keyword.arg in HELP and not marked:
                found.add(value.lineno)
    return sorted(found)


def test_every_sentence_of_the_code_is_in_the_catalogue():
    assert in_code() - set(map(in_catalogue, catalogue())) == set()


def test_the_catalogue_holds_no_sentence_that_the_code_does_not_say():
    assert set(map(in_catalogue, catalogue())) - in_code() == set()
    assert catalogue().obsolete_entries() == []


def test_every_sentence_is_translated_for_good_and_once():
    entries = catalogue()
    assert entries.untranslated_entries() == []
    assert entries.fuzzy_entries() == []
    assert len(set(map(in_catalogue, entries))) == len(entries)


def test_a_number_has_as_many_forms_as_chinese_has():
    entries = catalogue()
    assert entries.metadata["Plural-Forms"] == "nplurals=1; plural=0;"
    assert entries.metadata["Content-Type"] == "text/plain; charset=UTF-8"
    assert all(list(entry.msgstr_plural) == [0] for entry in entries if entry.msgid_plural)


def test_the_catalogue_keeps_no_lines_or_dates_that_change_by_themselves():
    entries = catalogue()
    assert [entry.msgid for entry in entries if entry.occurrences] == []
    assert [name for name in entries.metadata if name.endswith("Date")] == []


def test_a_translation_has_the_placeholders_of_its_sentence():
    differing = {
        entry.msgid: text
        for entry in catalogue()
        for text in translations(entry)
        if fields(text) != fields(entry.msgid) | fields(entry.msgid_plural)
    }
    assert differing == {}


def test_a_translation_keeps_the_names_that_a_person_types_or_looks_for():
    differing = {
        entry.msgid: text
        for entry in catalogue()
        for text in translations(entry)
        if not set(TYPED.findall(entry.msgid)) <= set(TYPED.findall(text))
    }
    assert differing == {}


def test_a_translation_begins_and_ends_as_its_sentence_does():
    commas = (", ", "、")  # Chinese needs no space after its own

    def edges(text: str) -> tuple[str, str, bool]:
        before = text[: len(text) - len(text.lstrip())]
        after = text[len(text.rstrip()) :]
        return before, after, text.endswith((".", "。"))

    differing = {
        entry.msgid: text
        for entry in catalogue()
        for text in translations(entry)
        if edges(text) != edges(entry.msgid) and (entry.msgid, text) != commas
    }
    assert differing == {}


def test_a_sentence_stands_in_the_code_as_one_plain_text_that_can_be_extracted():
    unreadable = [
        f"{path}:{call.lineno}"
        for path, tree in trees()
        for call in calls(tree)
        if name_of(call.func) in ("_", "mark", "n")
        and not _of_a_table(call)
        and len(texts(call) or ()) != _forms(call)
    ]
    assert unreadable == []


def _of_a_table(call: ast.Call) -> bool:
    """`_(SENTENCES[kind], ...)`: the table holds marked sentences, which are checked there."""
    return bool(call.args) and isinstance(call.args[0], ast.Subscript)


def _forms(call: ast.Call) -> int:
    return 2 if name_of(call.func) == "n" else 1


def test_a_sentence_is_given_the_fields_that_it_names():
    differing = [
        f"{path}:{call.lineno}: {text}"
        for path, tree in trees()
        for call in calls(tree)
        for text in texts(call) or ()
        if not _is_given(call, fields(text))
    ]
    assert differing == []


def _is_given(call: ast.Call, named: set[str]) -> bool:
    if name_of(call.func) == "mark":  # whoever translates it gives the fields
        return True
    given = {keyword.arg for keyword in call.keywords}
    if None in given:  # **fields: only the run knows
        return True
    if name_of(call.func) == "n":
        return named | {"count"} == given | {"count"}
    return named == given


def test_the_terminal_prints_no_text_that_was_not_translated():
    found = [
        f"{path}:{line}"
        for path, tree in trees()
        if "terminal" in path.parts or path.name == "cli.py"
        for line in untranslated(tree)
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "click.echo('Done')",
        "click.echo(f'Done: {count}', err=True)",
        "click.echo(_('Done') if well else 'Failed')",
        "click.echo('Failed: ' + reason)",
        "Text(name or 'nobody')",
        "raise click.BadParameter('Too many')",
        "click.option('--out', help='Write here.')",
        "click.command('show', short_help=f'Show {noun}.', epilog=mark('Example'))",
        "click.version_option(\n    help=_('Print the version.')\n)",
    ],
)
def test_a_text_that_bypasses_the_catalogue_is_found(source):
    assert len(untranslated(ast.parse(source))) == 1


@pytest.mark.parametrize(
    "source",
    [
        "click.echo()",
        "click.echo(_('Done'))",
        "click.echo(f'{name}: {say(_, attempt)}')",
        "Text(mark, style='bold')",
        "click.option('--out', metavar='DIR', help=mark('Write here.'))",
    ],
)
def test_a_text_that_went_through_the_catalogue_is_left_alone(source):
    assert untranslated(ast.parse(source)) == []


def test_every_command_and_every_option_is_explained_in_the_catalogue():
    context = click.Context(omniimage)
    names = omniimage.list_commands(context)
    commands = [omniimage, *(omniimage.get_command(context, name) for name in names)]
    known = {entry.msgid for entry in catalogue()}
    unexplained = []
    for command in commands:
        assert command is not None
        options = [each for each in command.get_params(context) if isinstance(each, click.Option)]
        helped = {str(each.name): each.help for each in options}
        texts = {"help": command.help, "epilog": command.epilog, **helped}
        if command.short_help:
            texts["short help"] = command.short_help
        unexplained += [(command.name, name) for name in texts if texts[name] not in known]
    assert unexplained == []


def test_the_list_of_commands_is_translated_whole_and_not_cut():
    known = {entry.msgid for entry in catalogue()}
    context = click.Context(omniimage)
    shown = [
        command.get_short_help_str(48)
        for name in omniimage.list_commands(context)
        if (command := omniimage.get_command(context, name))
    ]
    assert shown
    assert [text for text in shown if text not in known] == []

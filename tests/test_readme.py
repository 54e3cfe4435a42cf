"""README.md says of the command line what the code does: no less, and no more."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from bot.cli import omniimage
from core.params.flags import _NAMES as PROMPT_FLAGS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")

_OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")
_OF_OTHERS = {"--tag", "--rm", "--volume", "-p"}  # docker's and mkdir's


def _commands(group: click.Group, *above: str) -> Iterator[tuple[str, click.Command]]:
    """Every command with its whole name; a group stands for what is in it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from _commands(command, *above, name)
        else:
            yield " ".join((*above, name)), command


COMMANDS = dict(_commands(omniimage))
NAMES = list(COMMANDS)


def _command(name: str) -> click.Command:
    return COMMANDS[name]


def _options(command: click.Command) -> set[str]:
    """Every spelling; --help, which each command has, is said once for all."""
    options = (param for param in command.params if isinstance(param, click.Option))
    return {name for option in options for name in (*option.opts, *option.secondary_opts)}


def _arguments(command: click.Command) -> list[str]:
    context = click.Context(command)
    found = (param for param in command.params if isinstance(param, click.Argument))
    return [argument.make_metavar(context) for argument in found]


ALL_OPTIONS = _options(omniimage).union({"--help"}, *(_options(_command(name)) for name in NAMES))


def _section(title: str) -> str:
    """From one heading of the second level to the next."""
    found = re.search(
        rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL
    )
    assert found, title
    return found[1]


def _rows() -> dict[str, tuple[list[str], str]]:
    """Of the table of commands: name (empty for the program) to arguments and options."""
    rows = {}
    for line in _section("Commands").splitlines():
        if line.startswith("| `omniimage"):
            _, usage, options, _ = re.split(r"(?<!\\)\|", line, maxsplit=3)
            words = usage.replace("\\|", "|").strip(" `").split()[1:]
            name = [word for word in words if word.islower()]
            rows[" ".join(name)] = words[len(name) :], options
    return rows


def _examples() -> Iterator[list[str]]:
    """Every command line of the program in the blocks of code."""
    for block in re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            for part in re.split(r"&&| \| ", line):
                words = shlex.split(part, comments=True)
                if "omniimage" in words and "--tag" not in words:
                    yield words[words.index("omniimage") + 1 :]


def test_the_table_holds_each_command_once_and_no_other():
    assert sorted(_rows()) == sorted(["", *NAMES])


@pytest.mark.parametrize("name", NAMES)
def test_a_row_names_the_arguments_and_options_of_its_command(name: str):
    arguments, options = _rows()[name]

    assert arguments == _arguments(_command(name))
    assert set(_OPTION.findall(options)) == _options(_command(name))


def test_the_first_row_names_the_global_options():
    assert set(_OPTION.findall(_rows()[""][1])) == _options(omniimage)


@pytest.mark.parametrize("name", NAMES)
def test_a_row_writes_values_as_the_help_does(name: str):
    context = click.Context(_command(name))
    options = _rows()[name][1].replace("\\|", "|")

    for option in _command(name).params:
        if isinstance(option, click.Option) and not option.is_flag:
            assert f"`{option.opts[-1]} {option.make_metavar(context)}`" in options


def test_every_option_is_explained():
    table = _section("Commands").partition("| option | meaning |")[2].partition("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]

    assert {name for cell in cells for name in _OPTION.findall(cell)} == ALL_OPTIONS


def test_no_option_is_named_that_does_not_exist():
    flags = {f"--{name}" for name in PROMPT_FLAGS}
    quoted = re.findall(r"^```\w*\n.*?^```|`[^`\n]+`", README, re.MULTILINE | re.DOTALL)
    named = {name for code in quoted for name in _OPTION.findall(code)}

    assert named <= ALL_OPTIONS | flags | _OF_OTHERS


def test_no_command_is_named_that_does_not_exist():
    named = set(re.findall(r"`(?:uv run )?omniimage ([a-z]+)", README))

    assert named <= {name.partition(" ")[0] for name in NAMES}


def test_the_examples_are_understood():
    examples = list(_examples())

    assert examples
    for words in examples:
        name = max((one for one in NAMES if words[: len(one.split())] == one.split()), key=len)
        arguments = words[len(name.split()) :]
        if "--help" not in arguments:
            _command(name).make_context(name, arguments)


@pytest.mark.parametrize(
    "line",
    [
        'pip install uv && uv run omniimage try "a red fox in the snow"',
        "pip install uv && uv run pytest",
    ],
)
def test_a_newcomer_finds_both_first_commands(line: str):
    assert f"\n```sh\n{line}\n" in README


def test_every_file_that_is_linked_is_there():
    links = re.findall(r"\]\(([^)#:]+)\)", README)

    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_place_in_the_code_is_there_and_what_is_to_come_is_not():
    rows = _section("OmniImage Studio → here").splitlines()
    cells = [line.split("|")[3] for line in rows if line.startswith("| ")][1:]
    places = [(place, cell) for cell in cells for place in re.findall(r"`([^`]+)`", cell)]

    assert places
    for place, cell in places:
        assert (ROOT / place).exists() is ("to come" not in cell), place

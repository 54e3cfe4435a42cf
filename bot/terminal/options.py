"""Values on the command line. What is none is refused by click, before anything is opened."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click
from typing_extensions import override

from bot.terminal.speaking import speech
from bot.words.speech import mark
from core.models.grid import GRID_SIDE, Grid
from core.models.request import RATIOS, SEED_LIMIT, Quality, Ratio, Size

F = TypeVar("F", bound=Callable[..., Any])

json_option = click.option(
    "--json", "as_json", is_flag=True, help=mark("Print one JSON object a line.")
)
out_option = click.option(
    "--out",
    type=click.Path(),
    metavar="DIR",
    help=mark("Write the files into this folder."),
)

out_file_option = click.option(
    "--out", type=click.Path(), metavar="FILE", help=mark("Write this file.")
)
text_argument = click.argument("text", metavar="TEXT")
text_model_option = click.option(
    "-m",
    "--model",
    metavar="ID",
    help=mark("The text model to ask; without it the cheapest that your keys allow."),
)
what_argument = click.argument("what", nargs=-1, required=True, metavar="WHAT...")


class _Value(click.ParamType[Any], ABC):
    name = "value"

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return self.read(value)
        except ValueError:
            self.fail(self.problem(value), param, ctx)

    @abstractmethod
    def read(self, text: str) -> Any:
        """The value; ValueError for a text that is none."""

    @abstractmethod
    def problem(self, text: str) -> str:
        """What is wrong with such a text."""


class Whole(_Value):
    """A whole number, both ends included."""

    def __init__(self, least: int, most: int) -> None:
        self._span = range(least, most + 1)

    @override
    def read(self, text: str) -> int:
        number = int(text)
        if number not in self._span:
            raise ValueError(text)
        return number

    @override
    def problem(self, text: str) -> str:
        _ = speech()
        return _(
            '"{value}" is not a whole number from {least} to {most}.',
            value=text,
            least=self._span.start,
            most=self._span.stop - 1,
        )


class Seconds(_Value):
    _MOST = 86_400

    @override
    def read(self, text: str) -> float:
        seconds = float(text)
        if not 0 < seconds <= self._MOST:
            raise ValueError(text)
        return seconds

    @override
    def problem(self, text: str) -> str:
        _ = speech()
        return _('"{value}" is not a number of seconds up to {most}.', value=text, most=self._MOST)


class SizeValue(_Value):
    @override
    def read(self, text: str) -> Size:
        return Size.read(text)

    @override
    def problem(self, text: str) -> str:
        _ = speech()
        return _(
            '"{value}" is not a size in pixels from 64x64 to 8192x8192, such as 1024x768.',
            value=text,
        )


class GridValue(_Value):
    @override
    def read(self, text: str) -> Grid:
        return Grid.read(text)

    @override
    def problem(self, text: str) -> str:
        _ = speech()
        return _(
            '"{value}" is not a grid of up to {side} rows and columns, such as 2x2.',
            value=text,
            side=GRID_SIDE,
        )


class ColourValue(_Value):
    """A colour; transparent is none."""

    @override
    def read(self, text: str) -> Any:
        from core.imaging.colours import read_colour

        return None if text.lower() == "transparent" else read_colour(text)

    @override
    def problem(self, text: str) -> str:
        _ = speech()
        return _('"{value}" is not a colour, such as white or #ff8800.', value=text)


class OneOf(_Value):
    """One of a few words, each with what it stands for."""

    def __init__(self, words: Sequence[str], read: Callable[[str], Any]) -> None:
        self._words = words
        self._read = read

    @override
    def read(self, text: str) -> Any:
        if text.lower() not in self._words:
            raise ValueError(text)
        return self._read(text.lower())

    @override
    def problem(self, text: str) -> str:
        _ = speech()
        return _('"{value}" is not one of {words}.', value=text, words=_.list(self._words))


_PARAMETERS = (
    click.option(
        "--ratio",
        type=OneOf(RATIOS, Ratio.read),
        metavar="W:H",
        help=mark("Width to height: 1:1, 16:9, 9:16, 4:3, 3:4, 3:2, 2:3 or 21:9."),
    ),
    click.option(
        "--size", type=SizeValue(), metavar="WxH", help=mark("Width and height in pixels.")
    ),
    click.option("--count", type=Whole(1, 999), metavar="N", help=mark("Pictures of each model.")),
    click.option(
        "--seed",
        type=Whole(0, SEED_LIMIT),
        metavar="N",
        help=mark("Start of the random numbers; the same seed repeats a picture."),
    ),
    click.option("--steps", type=Whole(1, 500), metavar="N", help=mark("Steps of refinement.")),
    click.option(
        "--quality",
        type=OneOf([quality.value for quality in Quality], Quality),
        metavar="low|medium|high",
        help=mark("How much work to spend on a picture."),
    ),
    click.option("--negative", metavar="TEXT", help=mark("What should not be in the picture.")),
    click.option(
        "--deadline",
        type=Seconds(),
        metavar="SECONDS",
        help=mark("How long each picture may take."),
    ),
)


def parameter_options(command: F) -> F:
    """The parameters of a request, in the order of the help."""
    for option in reversed(_PARAMETERS):
        command = option(command)
    return command

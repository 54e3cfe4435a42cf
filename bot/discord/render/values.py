"""What one message is made of, before any library object."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from bot.discord.render.markup import size
from core.ids import ImageId
from core.models.image import Image

Style = Literal["grey", "blue", "red"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A file that is shown. Its ASCII name is unique in the album.

    Without `image` the caller has the file under that name (the contact sheet).
    """

    name: str
    image: Image | None
    alt: str
    spoiler: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    label: str
    code: str
    style: Style = "grey"
    disabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """`value` is the code of the press that choosing it is."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    markdown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    pictures: tuple[Picture, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A menu. Its own code only tells it from others: see `menu_code`."""

    code: str
    placeholder: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file of the job's own folder, such as a zip, by its name."""

    name: str


Part = Text | Gallery | Row | Choice | Attached


def menu_code(kind: str, target: str, number: int = 0) -> str:
    """Begins as no button's code does: discord.py calls every class whose pattern matches."""
    return f"m1:{kind}:{target}:{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One message."""

    parts: tuple[Part, ...]

    @property
    def components(self) -> int:
        """As Discord counts them: nested ones too."""
        return sum(components_of(part) for part in self.parts)

    @property
    def characters(self) -> int:
        return sum(size(part.markdown) for part in self.parts if isinstance(part, Text))

    @property
    def pictures(self) -> tuple[Picture, ...]:
        galleries = (part for part in self.parts if isinstance(part, Gallery))
        return tuple(picture for gallery in galleries for picture in gallery.pictures)

    @property
    def files(self) -> tuple[str, ...]:
        """The names of all that has to be uploaded or kept."""
        shown = tuple(picture.name for picture in self.pictures)
        return shown + tuple(part.name for part in self.parts if isinstance(part, Attached))

    @property
    def buttons(self) -> Iterator[Button]:
        return (button for part in self.parts if isinstance(part, Row) for button in part.buttons)


def components_of(part: Part) -> int:
    match part:
        case Row():
            return 1 + len(part.buttons)
        case Choice():
            return 2
        case Text() | Gallery() | Attached():
            return 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """How a state is to be shown in one delivery.

    `private`: only its asker sees it, and may share it. `withheld`: the place's AutoMod refuses
    the prompt. `hint`: one more sentence at the top. `unshown`: pictures that could not be
    uploaded, with the reason in words. `shrunk`: results of tools that go up as WebP.
    `classic`: for a message without Components V2.
    """

    private: bool = False
    withheld: bool = False
    hint: str = ""
    spoilers: frozenset[ImageId] = frozenset()
    unshown: Mapping[ImageId, str] = field(default_factory=lambda: MappingProxyType({}))
    shrunk: frozenset[ImageId] = frozenset()
    classic: bool = False

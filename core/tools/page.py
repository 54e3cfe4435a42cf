"""What lies in an archive beside the pictures: the manifest, and the page that shows them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from core.files.manifest import SCHEMA
from core.imaging.archive import Entry
from core.imaging.gallery import GalleryCaptions, GalleryPicture, gallery
from core.imaging.metadata import Made
from core.models.image import Measured
from core.models.origin import Origin
from core.models.tool import Item, PageWords


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A source on its way into an archive; `name` without an ending, as people know it."""

    item: Item
    name: str
    entry: Entry
    measured: Measured
    made: Made | None
    origin: Origin | None


def beside(pictures: Sequence[Packed], words: PageWords) -> tuple[Entry, ...]:
    return (
        Entry(name="manifest.json", source=_manifest(pictures)),
        Entry(name="index.html", source=_page(pictures, words)),
    )


def _manifest(pictures: Sequence[Packed]) -> bytes:
    value = {"schema": SCHEMA, "images": [_image(one) for one in pictures]}
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _image(one: Packed) -> dict[str, Any]:
    measured = one.measured
    return {
        "file": one.entry.name,
        "bytes": one.entry.size,
        "width": measured.width,
        "height": measured.height,
        **(dict(_facts(one.made)) if one.made else {}),
    }


def _facts(made: Made) -> Iterator[tuple[str, str | int | float]]:
    """What is known, in the words of our parameters."""
    common = {
        "prompt": made.prompt,
        "negative": made.negative,
        "model": made.model,
        "seed": made.seed,
        "steps": made.steps,
    }
    for name, value in common.items():
        if value not in (None, ""):
            yield name, value


def _page(pictures: Sequence[Packed], words: PageWords) -> bytes:
    prompts = {one.made.prompt if one.made else "" for one in pictures}
    shared = prompts.pop() if len(prompts) == 1 else ""
    captions = GalleryCaptions(
        lang=words.language, title=words.title, header=shared, footer="OmniImage"
    )
    shown = [
        GalleryPicture(
            file=one.entry.name,
            width=one.measured.width,
            height=one.measured.height,
            title=one.name,
            lines=tuple(_lines(one, dict(words.names), shared)),
        )
        for one in pictures
    ]
    return gallery(shown, captions)


def _lines(one: Packed, names: dict[str, str], shared: str) -> Iterator[str]:
    yield f"{one.measured.width} × {one.measured.height}"
    for name, value in _facts(one.made) if one.made else ():
        if name != "prompt" or not shared:
            yield str(value) if name in ("prompt", "model") else f"{names[name]} {value}"

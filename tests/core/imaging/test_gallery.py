"""What the page says, and how a real browser shows it from a folder, where there is one."""

import io
import os
import shutil
import subprocess
import zipfile
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from typing_extensions import override

from core.imaging.archive import Entry, write_archive
from core.imaging.formats import encode_png
from core.imaging.gallery import GalleryCaptions, GalleryPicture, gallery

CAPTIONS = GalleryCaptions(
    lang="en", title="A fox", header="A red fox", subtitle="2 pictures", footer="OmniImage"
)
EVIL = "<script>alert(1)</script>&\"'><img src=x onerror=alert(2)>"
VOID = {"meta", "img"}
BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)


class Page(HTMLParser):
    """Tags with their attributes, texts by their tag; every end has its beginning."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(data.decode())
        self.close()
        assert self._open == []

    @override
    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    @override
    def handle_endtag(self, tag) -> None:
        assert self._open.pop() == tag

    @override
    def handle_data(self, data) -> None:
        if self._open:
            self.texts.setdefault(self._open[-1], []).append(data)

    def every(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for found, attributes in self.tags if found == tag]


def picture(file: str = "images/a.png", **fields) -> GalleryPicture:
    return GalleryPicture(
        **{"file": file, "width": 64, "height": 48, "title": "demo/landscape", **fields}
    )


def test_every_picture_stands_with_its_size_and_its_words():
    pictures = [picture(lines=("seed 7", "1.2 s")), picture("images/b.png", title="demo/subject")]
    page = Page(gallery(pictures, CAPTIONS))
    assert [image["src"] for image in page.every("img")] == ["images/a.png", "images/b.png"]
    assert [link["href"] for link in page.every("a")] == ["images/a.png", "images/b.png"]
    assert page.every("img")[0] == {
        "src": "images/a.png",
        "alt": "demo/landscape",
        "width": "64",
        "height": "48",
        "loading": "lazy",
    }
    assert page.texts["h1"] == ["A red fox"]
    assert page.texts["h2"] == ["demo/landscape", "demo/subject"]
    assert page.texts["p"] == ["2 pictures", "seed 7", "1.2 s", "OmniImage"]
    assert page.texts["title"] == ["A fox"]


def test_the_page_says_its_language_and_needs_nothing_from_elsewhere():
    data = gallery([picture()], GalleryCaptions(lang="zh-Hans", title="狐狸"))
    page = Page(data)
    assert page.every("html") == [{"lang": "zh-Hans"}]
    assert page.every("script") == page.every("link") == []
    assert b"//" not in data.replace(b"<!doctype html>", b"")
    assert b"@import" not in data
    assert b"url(" not in data
    assert b"prefers-color-scheme: dark" in data


def test_nothing_that_is_said_becomes_a_tag():
    evil = GalleryCaptions(lang=EVIL, title=EVIL, header=EVIL, subtitle=EVIL, footer=EVIL)
    page = Page(gallery([picture(EVIL, title=EVIL, lines=(EVIL,))], evil))
    assert page.every("script") == []
    assert len(page.every("img")) == 1
    assert page.texts["h1"] == page.texts["h2"] == page.texts["title"] == [EVIL]
    assert page.texts["p"] == [EVIL, EVIL, EVIL]
    assert unquote(page.every("img")[0]["src"] or "") == EVIL


@pytest.mark.parametrize(
    "file", ["images/a b#1?.png", "images/100%.png", "javascript:alert(1)", "雪 🦊.png", "a&b.png"]
)
def test_a_file_of_any_name_is_linked(file):
    href = Page(gallery([picture(file)], CAPTIONS)).every("a")[0]["href"]
    assert href is not None
    assert unquote(href) == file
    assert not set(href) & set("#?: &<>\"'")


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_words_make_a_page(title, line):
    pictures = [picture(title=title, lines=(line,))]
    page = Page(gallery(pictures, GalleryCaptions(lang="en", title=title, header=line)))
    assert len(page.every("img")) == 1
    assert [name for name, _ in page.tags if name in ("script", "style")] == ["style"]


def test_the_same_pictures_make_the_same_page():
    assert gallery([picture()], CAPTIONS) == gallery([picture()], CAPTIONS)


def test_one_more_picture_makes_a_larger_page():
    assert len(gallery([picture()] * 2, CAPTIONS)) > len(gallery([picture()], CAPTIONS))


@pytest.fixture
def unpacked(tmp_path):
    """An archive of a red and a blue picture and their page, as a person unpacks it."""
    names = ["images/red fox #1.png", "images/青い狐.png"]
    colours = ("red", "blue")
    entries = [
        Entry(name=name, source=encode_png(Image.new("RGB", (64, 48), colour)))
        for name, colour in zip(names, colours, strict=True)
    ]
    page = gallery([picture(name, lines=(EVIL,)) for name in names], CAPTIONS)
    target = io.BytesIO()
    write_archive(target, [*entries, Entry(name="index.html", source=page)])
    with zipfile.ZipFile(target) as archive:
        archive.extractall(tmp_path / "unpacked")
    return tmp_path / "unpacked"


@pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome is installed")
@pytest.mark.parametrize(
    ("width", "likes_light", "page"), [(400, 1, (251, 250, 248)), (1200, 0, (22, 22, 24))]
)
def test_a_browser_shows_both_pictures_from_the_folder(
    unpacked, width, likes_light, page, tmp_path
):
    shot = tmp_path / "shot.png"
    done = subprocess.run(
        [
            *(
                str(BROWSER),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
            ),
            *("--hide-scrollbars", f"--user-data-dir={tmp_path / 'profile'}"),
            *(f"--window-size={width},1400", "--virtual-time-budget=5000"),
            f"--blink-settings=preferredColorScheme={likes_light}",
            f"--screenshot={shot}",
            (unpacked / "index.html").as_uri(),
        ],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.defpath, "HOME": str(tmp_path)},
    )
    assert shot.exists(), done.stderr
    with Image.open(shot) as image:
        assert image.convert("RGB").getpixel((3, 3)) == page
        shown = {colour: count for count, colour in image.convert("RGB").getcolors(2**24) or ()}
    assert shown.get((255, 0, 0), 0) > 10_000
    assert shown.get((0, 0, 255), 0) > 10_000

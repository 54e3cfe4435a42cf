"""`index.html` of an archive: one page that needs nothing but the pictures beside it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryPicture:
    """One picture, `file` as it is named in the archive; its words come ready from the caller."""

    file: str
    width: int
    height: int
    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryCaptions:
    """Ready-worded, in the language `lang` (a tag as in HTML); the header is the prompt."""

    lang: str
    title: str
    header: str = ""
    subtitle: str = ""
    footer: str = ""


def gallery(pictures: Sequence[GalleryPicture], captions: GalleryCaptions) -> bytes:
    """The page: no scripts, no font or style from elsewhere, dark where the reader likes it so.

    More pictures never make it smaller.
    """
    header = _worded("h1", captions.header or captions.title) + _worded("p", captions.subtitle)
    footer = f"<footer>{_worded('p', captions.footer)}</footer>\n" if captions.footer else ""
    figures = "\n".join(map(_figure, pictures))
    return (
        f'<!doctype html>\n<html lang="{_said(captions.lang)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{_said(captions.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<header>{header}</header>\n<main style="--count: {len(pictures)}">\n{figures}\n'
        f"</main>\n{footer}</body>\n</html>\n"
    ).encode()


def _figure(picture: GalleryPicture) -> str:
    file, title = quote(_sound(picture.file)), _said(picture.title)
    lines = "".join(_worded("p", line) for line in picture.lines)
    return (
        f'<figure><a href="{file}"><img src="{file}" alt="{title}" width="{picture.width}" '
        f'height="{picture.height}" loading="lazy"></a>'
        f"<figcaption>{_worded('h2', picture.title)}{lines}</figcaption></figure>"
    )


def _worded(tag: str, text: str) -> str:
    """`dir=auto`: a prompt may be of any script, whatever the page's language."""
    return f'<{tag} dir="auto">{_said(text)}</{tag}>' if text else ""


def _said(text: str) -> str:
    return escape(_sound(text))


def _sound(text: str) -> str:
    """Without what cannot be encoded, and what HTML does not allow even when it is escaped."""
    return _FORBIDDEN.sub("", text).encode("utf-8", "replace").decode()


_FORBIDDEN = re.compile("[^\\n\\t -~\xa0-\U0010ffff]")  # control characters

# 'self' is nothing for a page that was opened from a folder; `file:` is what it means there.
_POLICY = "default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'"

_STYLE = """
:root { color-scheme: light dark;
  --page: #fbfaf8; --panel: #f1f0ed; --line: #e2e0da; --ink: #1d1d1f; --muted: #696865;
  --one: #ffffff; --two: #ebeae7 }
@media (prefers-color-scheme: dark) { :root {
  --page: #161618; --panel: #202023; --line: #38373a; --ink: #f0efec; --muted: #a5a4a2;
  --one: #242427; --two: #303034 } }
* { box-sizing: border-box; margin: 0 }
body { max-width: 110rem; margin: 0 auto; padding: clamp(1.25rem, 4vw, 4rem);
  background: var(--page); color: var(--ink); overflow-wrap: anywhere;
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC",
    "Microsoft YaHei", "Noto Sans CJK SC", sans-serif }
header { max-width: 60rem; margin-bottom: clamp(1.5rem, 3vw, 3rem) }
h1 { max-height: 12em; overflow-y: auto; white-space: pre-line;
  font-size: clamp(1.25rem, 2.2vw, 1.75rem); font-weight: 600; line-height: 1.35;
  text-wrap: pretty }
header p { margin-top: .75rem; color: var(--muted) }
main { max-width: calc(var(--count) * 40rem); display: grid; align-items: start;
  gap: clamp(1.5rem, 2.5vw, 2.5rem);
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)) }
figure { min-width: 0 }
a { display: block; border-radius: .75rem; outline-offset: 3px }
img { display: block; width: 100%; height: auto; max-height: 40rem; object-fit: contain;
  border-radius: .75rem;
  background: repeating-conic-gradient(var(--one) 0 25%, var(--two) 0 50%) 0 0 / 1.5rem 1.5rem }
figcaption { padding-top: .75rem; font-size: .875rem }
h2 { font-size: 1rem; font-weight: 600; line-height: 1.4 }
figcaption p { max-height: 9em; overflow-y: auto; white-space: pre-line; color: var(--muted) }
footer { margin-top: clamp(2rem, 4vw, 4rem); padding-top: 1rem; font-size: .8125rem;
  border-top: 1px solid var(--line); color: var(--muted) }
@media print { img { max-height: 14cm } figure { break-inside: avoid } }
"""

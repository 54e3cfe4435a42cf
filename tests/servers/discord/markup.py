"""Discord's text markup as HTML, as far as it matters for looking at a message."""

import html
import re
from typing import Final

_INLINE: Final = (
    (r"\*\*(.+?)\*\*", r"<b>\1</b>"),
    (r"__(.+?)__", r"<u>\1</u>"),
    (r"(?<!\w)[*_](.+?)[*_](?!\w)", r"<i>\1</i>"),
    (r"~~(.+?)~~", r"<s>\1</s>"),
    (r"\|\|(.+?)\|\|", r'<span class="spoiler">\1</span>'),
    (r"\[(.+?)\]\((https?://[^)\s]+)\)", r'<a href="\2">\1</a>'),
    (r"&lt;/([^:]+?):\d+&gt;", r'<span class="mention">/\1</span>'),
    (r"&lt;@[!&amp;]*(\d+)&gt;", r'<span class="mention">@\1</span>'),
    (r"&lt;#(\d+)&gt;", r'<span class="mention">#\1</span>'),
    (r"&lt;t:(\d+)(?::\w)?&gt;", r'<span class="mention">time \1</span>'),
    (r"&lt;a?:(\w+):\d+&gt;", r":\1:"),
)
_ESCAPED: Final = re.compile(r"\\([^\w\s])")
_CODE: Final = re.compile(r"```(?:\w*\n)?(.*?)```|``(.+?)``|`([^`\n]+)`", re.DOTALL)
_LINES: Final = (
    ("-# ", "small"),
    ("### ", "h3"),
    ("## ", "h2"),
    ("# ", "h1"),
    ("&gt; ", "blockquote"),
)


def to_html(text: str) -> str:
    """Code stays as it is; escaped signs lose their backslash and mean nothing."""
    kept: list[str] = []

    def keep(piece: str) -> str:
        kept.append(piece)
        return f"\x00{len(kept) - 1}\x00"

    def code(found: re.Match[str]) -> str:
        block, *inline = found.groups()
        if block is not None:
            return keep(f"<pre>{html.escape(block)}</pre>")
        return keep(f"<code>{html.escape(next(part for part in inline if part))}</code>")

    text = _CODE.sub(code, text)
    text = _ESCAPED.sub(lambda found: keep(html.escape(found[1])), text)
    lines = [_line(line) for line in html.escape(text, quote=False).split("\n")]
    return re.sub("\x00(\\d+)\x00", lambda found: kept[int(found[1])], "".join(lines))


def _line(line: str) -> str:
    for pattern, replacement in _INLINE:
        line = re.sub(pattern, replacement, line)
    for sign, tag in _LINES:
        if line.startswith(sign):
            return f"<{tag}>{line.removeprefix(sign)}</{tag}>"
    if found := re.match(r"(\s*)[-*] (.*)", line):
        return f'<div class="item" style="margin-left:{len(found[1])}ch">• {found[2]}</div>'
    return f"<div>{line or '&nbsp;'}</div>"

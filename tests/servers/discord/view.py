"""A stored message as a page that looks about as Discord shows it, for people who build the bot.

`chromium --headless --no-sandbox --virtual-time-budget=9000 --window-size=640,900
--screenshot=m.png m.html` renders it; the time is for fonts to load.
"""

import base64
import html
from collections.abc import Callable
from importlib.resources import files
from typing import Any, Final

from tests.servers.discord.interactions import Interaction
from tests.servers.discord.markup import to_html
from tests.servers.discord.modals import ROW as _MODAL_ROW
from tests.servers.discord.things import Json, Message, Stored, label_of

_STYLES: Final = {1: "primary", 2: "plain", 3: "success", 4: "danger", 5: "plain", 6: "plain"}
_FONTS: Final = (  # of the product's own dependencies, where the browser's machine has none
    ("CJK", "noto_cjk_sans_otc", "NotoSansCJK-Regular.ttc"),
    ("Signs", "manimgx_fonts", "NotoEmoji[wght].ttf"),
)
_CSS: Final = """
body{margin:0;background:#313338;color:#dbdee1;padding:16px;
 font:15px/1.35 "gg sans","Noto Sans","Noto Sans CJK SC","Noto Color Emoji",sans-serif,
 CJK,Signs}
.message{display:flex;gap:14px;max-width:600px}.main{flex:1;min-width:0}
.face{width:40px;height:40px;border-radius:50%;background:#5865f2;flex:none}
.name{font-weight:600;color:#f2f3f5}.tag{background:#5865f2;color:#fff;border-radius:3px;
 font-size:10px;padding:1px 4px;margin-left:4px}.note{font-size:12px;color:#949ba4}
.v2{display:flex;flex-direction:column;gap:8px}
.container{border:1px solid #3f4147;border-left:4px solid var(--accent,#3f4147);
 border-radius:8px;background:#2b2d31;padding:12px;display:flex;flex-direction:column;gap:8px}
.row{display:flex;flex-wrap:wrap;gap:8px;margin-top:2px}
.button{border-radius:8px;padding:6px 14px;font-size:14px;font-weight:500;color:#fff;
 background:#4e5058}.button.primary{background:#5865f2}.button.success{background:#248046}
.button.danger{background:#da373c}.disabled{opacity:.45}
.select{border:1px solid #1e1f22;background:#1e1f22;border-radius:8px;padding:8px 12px;flex:1;
 min-width:260px}.select .options{font-size:13px;color:#949ba4}
.gallery{display:grid;gap:4px;grid-template-columns:repeat(var(--wide,1),1fr)}
.gallery img,.thumb img,.files img{width:100%;border-radius:8px;display:block;object-fit:cover}
.gallery figure,.thumb{margin:0;position:relative}.spoilered img{filter:blur(24px)}
.broken{background:#1e1f22;border:1px dashed #da373c;border-radius:8px;padding:30px 8px;
 text-align:center;color:#da373c}.section{display:flex;gap:12px;justify-content:space-between}
.thumb{width:85px}.separator{border:0;border-top:1px solid #3f4147;margin:2px 0;width:100%}
.separator.space{border-color:transparent}.file{background:#2b2d31;border:1px solid #3f4147;
 border-radius:8px;padding:12px}.embed{border-left:4px solid var(--accent,#1e1f22);
 background:#2b2d31;border-radius:4px;padding:10px 14px;margin-top:4px}
.files{display:grid;gap:4px;grid-template-columns:repeat(var(--wide,1),1fr);margin:4px 0}
pre{background:#1e1f22;border:1px solid #3f4147;border-radius:4px;padding:8px;margin:4px 0;
 white-space:pre-wrap}code{background:#1e1f22;border-radius:3px;padding:1px 4px}
small{display:block;color:#949ba4;font-size:12px}h1,h2,h3{margin:6px 0 2px;color:#f2f3f5}
h1{font-size:22px}h2{font-size:19px}h3{font-size:16px}a{color:#00a8fc}
blockquote{margin:0;border-left:4px solid #4e5058;padding-left:10px}
.spoiler{background:#1e1f22;color:#1e1f22}.mention{background:#3c4270;color:#c9cdfb;
 border-radius:3px;padding:0 2px}.ephemeral{background:#36395a55;border-left:2px solid #5865f2;
 padding:6px}.modal{background:#2b2d31;border-radius:8px;padding:16px;max-width:440px;
 display:flex;flex-direction:column;gap:12px}.field{background:#1e1f22;border-radius:4px;
 padding:9px;white-space:pre-wrap;min-height:1.3em;color:#949ba4}.field.tall{min-height:5em}
"""


def html_of(message: Message) -> str:
    """A whole page; pictures are inside it."""
    shown = message.components if message.v2 else []
    held = {kept.id: kept for kept in message.attachments}
    body = _parts(shown, held) if message.v2 else _classic(message, held)
    if message.loading:
        body = '<div class="note">is thinking…</div>'
    edited = '<span class="note"> (edited)</span>' if message.edited else ""
    tag = '<span class="tag">APP</span>' if message.author.bot else ""
    private = '<div class="note">Only you can see this · Dismiss message</div>'
    inside = (
        f'<div class="message{" ephemeral" if message.ephemeral else ""}"><div class="face"></div>'
        f'<div class="main"><div><span class="name">{html.escape(message.author.name)}</span>'
        f"{tag}{edited}</div>"
        f'<div class="v2">{body}</div>{private if message.ephemeral else ""}</div></div>'
    )
    return _page(inside)


def html_of_modal(shown: Interaction) -> str:
    """The modal that this interaction opened."""
    fields = "".join(_field(part) for part in shown.modal["components"])
    title = html.escape(shown.modal["title"])
    buttons = '<div class="row"><span class="button">Cancel</span>'
    buttons += '<span class="button primary">Submit</span></div>'
    return _page(f'<div class="modal"><h2>{title}</h2>{fields}{buttons}</div>')


def _page(inside: str) -> str:
    faces = "".join(
        f'@font-face{{font-family:{name};src:url("file://{files(package) / file}")}}'
        for name, package, file in _FONTS
    )
    head = f'<!doctype html><meta charset="utf-8"><style>{faces}{_CSS}</style>'
    return f"{head}<body>{inside}</body>"


def _parts(parts: list[Json], held: dict[int, Stored]) -> str:
    return "".join(_part(part, held) for part in parts)


def _part(part: Json, held: dict[int, Stored]) -> str:
    draw: dict[Any, Callable[[Json, dict[int, Stored]], str]] = {
        1: lambda p, h: f'<div class="row">{_parts(p["components"], h)}</div>',
        2: lambda p, _: _button(p),
        9: _section,
        10: lambda p, _: f"<div>{to_html(p['content'])}</div>",
        11: lambda p, h: f'<div class="thumb">{_picture(p, p["media"], h)}</div>',
        12: _gallery,
        13: lambda p, h: f'<div class="file">📄 {_name(p["file"], h)}</div>',
        14: lambda p, _: f'<hr class="separator{"" if p.get("divider", True) else " space"}">',
        17: _container,
    }
    return draw[part["type"]](part, held) if part["type"] in draw else _select(part)


def _container(part: Json, held: dict[int, Stored]) -> str:
    inside, style = _parts(part["components"], held), _accent(part.get("accent_color"))
    return f'<div class="container" style="{style}">{inside}</div>'


def _accent(colour: Any) -> str:
    return "" if colour is None else f"--accent:#{colour:06x}"


def _section(part: Json, held: dict[int, Stored]) -> str:
    texts = _parts(part["components"], held)
    accessory = _part(part["accessory"], held)
    return f'<div class="section"><div>{texts}</div><div>{accessory}</div></div>'


def _button(part: Json) -> str:
    emoji = (part.get("emoji") or {}).get("name") or ""
    label = label_of(part) if part.get("label") else ""
    off = " disabled" if part.get("disabled") else ""
    said = html.escape(f"{emoji} {label}".strip()) + (" ↗" if part["style"] == 5 else "")
    return f'<span class="button {_STYLES[part["style"]]}{off}">{said}</span>'


def _select(part: Json) -> str:
    options = part.get("options", [])
    chosen = [option["label"] for option in options if option.get("default")]
    said = html.escape(", ".join(chosen) or part.get("placeholder") or "Make a selection")
    listed = html.escape(" · ".join(option["label"] for option in options))
    off = " disabled" if part.get("disabled") else ""
    inside = f'{said} ▾<div class="options">{listed}</div>'
    return f'<div class="select{off}">{inside}</div>'


def _gallery(part: Json, held: dict[int, Stored]) -> str:
    items = part["items"]
    figures = "".join(f"<figure>{_picture(i, i['media'], held)}</figure>" for i in items)
    return f'<div class="gallery" style="--wide:{_wide(len(items))}">{figures}</div>'


def _wide(count: int) -> int:
    return 1 if count == 1 else 2 if count in (2, 4) else 3


def _picture(holder: Json, media: Json, held: dict[int, Stored]) -> str:
    kept = held.get(media.get("attachment_id", 0))
    if kept is None:
        return f'<div class="broken">no picture: {html.escape(media.get("url", "lost"))}</div>'
    veiled = ' class="spoilered"' if holder.get("spoiler") else ""
    return f"<div{veiled}>{_image(kept, holder.get('description') or '')}</div>"


def _image(kept: Stored, described: str = "") -> str:
    data = base64.b64encode(kept.data).decode()
    return f'<img alt="{html.escape(described)}" src="data:{kept.kind};base64,{data}">'


def _name(media: Json, held: dict[int, Stored]) -> str:
    kept = held.get(media.get("attachment_id", 0))
    return f"{html.escape(kept.name)} · {len(kept.data):,} bytes" if kept else "lost"


def _classic(message: Message, held: dict[int, Stored]) -> str:
    pictures = [kept for kept in held.values() if kept.kind.startswith("image/")]
    others = [kept for kept in held.values() if kept not in pictures]
    shown = "".join(_image(kept) for kept in pictures)
    files = f'<div class="files" style="--wide:{_wide(len(pictures))}">{shown}</div>'
    files += "".join(f'<div class="file">📄 {html.escape(k.name)}</div>' for k in others)
    embeds = "".join(_embed(embed) for embed in message.embeds)
    text = to_html(message.content) if message.content else ""
    return f"<div>{text}</div>{files}{embeds}{_parts(message.components, held)}"


def _embed(embed: Json) -> str:
    title = f"<b>{to_html(embed['title'])}</b>" if embed.get("title") else ""
    text = to_html(embed.get("description") or "") if embed.get("description") else ""
    fields = "".join(
        f"<div><b>{html.escape(entry['name'])}</b>{to_html(entry['value'])}</div>"
        for entry in embed.get("fields", [])
    )
    footer = f"<small>{html.escape((embed.get('footer') or {}).get('text') or '')}</small>"
    style = _accent(embed.get("color"))
    return f'<div class="embed" style="{style}">{title}{text}{fields}{footer}</div>'


def _field(part: Json) -> str:
    if part["type"] == 10:
        return f"<div>{to_html(part['content'])}</div>"
    field = part["components"][0] if part["type"] == _MODAL_ROW else part["component"]
    label = html.escape(part.get("label") or field.get("label") or "")
    star = " *" if field.get("required", True) and field["type"] != 23 else ""
    hint = f"<small>{html.escape(part.get('description') or '')}</small>"
    if field["type"] == 23:
        return f"<div>{'☑' if field.get('default') else '☐'} {label}{hint}</div>"
    if field["type"] in (4, 19):
        said = html.escape(field.get("value") or field.get("placeholder") or "")
        tall = " tall" if field.get("style") == 2 else ""
        return f'<div><b>{label}{star}</b>{hint}<div class="field{tall}">{said}</div></div>'
    return f"<div><b>{label}{star}</b>{hint}{_select(field)}</div>"

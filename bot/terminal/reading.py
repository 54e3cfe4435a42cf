import sys

from core.errors import UnreadableText


def read_text(text: str) -> str:
    """The text itself, or what standard input brings; UnreadableText for what is no UTF-8."""
    if text != "-":
        return text
    if sys.stdin is None:  # closed by whoever started us
        return ""
    try:
        read = str(sys.stdin.buffer.read(), "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableText from error
    return read.removesuffix("\n").removesuffix("\r")  # as echo and editors end a text

"""No log line carries a key while it is in use, whoever writes the line."""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from typing_extensions import override

_STARS = "***"
_in_use: Counter[str] = Counter()


@contextmanager
def in_use(secret: str) -> Iterator[None]:
    """Inside, every handler of the root logger writes stars for this secret."""
    if not secret:
        yield
        return
    _in_use[secret] += 1
    for handler in logging.getLogger().handlers:
        if _FILTER not in handler.filters:
            handler.addFilter(_FILTER)
    try:
        yield
    finally:
        _in_use[secret] -= 1
        if not _in_use[secret]:
            del _in_use[secret]


class _Redaction(logging.Filter):
    @override
    def filter(self, record: logging.LogRecord) -> bool:
        if _in_use:
            record.msg, record.args = _clean(_said(record)), None
            if record.exc_info and not record.exc_text:
                record.exc_text = logging.Formatter().formatException(record.exc_info)
            record.exc_text = _clean(record.exc_text) if record.exc_text else None
        return True


def _said(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001 - logging would print such a record whole, key and all
        return f"{record.msg} {record.args}"


def _clean(text: str) -> str:
    for secret in sorted(_in_use, key=len, reverse=True):  # one may be the beginning of another
        text = text.replace(secret, _STARS)
    return text


_FILTER = _Redaction()

from dataclasses import dataclass
from urllib.parse import urlsplit

from core.ids import ProviderId


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One provider as people meet it: whether it takes a key and an address of their own.

    `base_url` None: the person has to give one.
    """

    id: ProviderId
    takes_key: bool = True
    needs_key: bool = True
    takes_base_url: bool = False
    base_url: str | None = ""


def is_server(url: str) -> bool:
    """Scheme, host, maybe a port and a path; nothing that two readers could take differently."""
    if not url.isprintable() or any(sign in url for sign in " \\@?#"):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False

from dataclasses import dataclass, field

from core.ids import ProviderId


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An owner's opened API key; its secret never shows in a repr."""

    provider: ProviderId
    secret: str = field(repr=False)
    base_url: str | None = None
    reach: str | None = None  # host:port inside, that this owner may name and nobody else


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyNote:
    """What may be shown of a key. Times in seconds since 1970."""

    provider: ProviderId
    last_four: str
    base_url: str | None
    added: float
    used: float | None = None

from dataclasses import dataclass, field

from core.ids import ProviderId


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An owner's opened API key; its secret never shows in a repr."""

    provider: ProviderId
    secret: str = field(repr=False)
    base_url: str | None = None

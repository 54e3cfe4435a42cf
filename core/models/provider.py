from dataclasses import dataclass

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

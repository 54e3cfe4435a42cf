from dataclasses import dataclass

from core.ids import OwnerId, PanelId, PlaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What a front end keeps because it fits no button: a search and its page, picks, ticks.

    `content` is text that only the front end reads, by its `kind`.
    """

    id: PanelId
    owner: OwnerId
    place: PlaceId
    kind: str
    content: str
    created: float  # seconds since 1970, UTC

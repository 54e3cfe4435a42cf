"""How each model of the fixed list is run; what is not in it never is."""

from dataclasses import dataclass

Three = tuple[float, float, float]

_IMAGENET: tuple[Three, Three] = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What a network takes in: a square of `side` pixels, each band less `mean` over `std`."""

    side: int
    mean: Three
    std: Three


_U2NET = Network(side=320, mean=_IMAGENET[0], std=_IMAGENET[1])

LEAN = {
    "u2netp": _U2NET,
    "u2net": _U2NET,
    "silueta": _U2NET,
    "isnet-general-use": Network(side=1024, mean=(0.5, 0.5, 0.5), std=(1.0, 1.0, 1.0)),
    "isnet-anime": Network(side=1024, mean=_IMAGENET[0], std=(1.0, 1.0, 1.0)),
}
REMBG = (
    "u2net_human_seg",
    "birefnet-general",
    "birefnet-general-lite",
    "birefnet-portrait",
    "birefnet-dis",
    "birefnet-hrsod",
    "birefnet-cod",
    "birefnet-massive",
)
KNOWN = (*LEAN, *REMBG)


def engine(model: str, *, fine: bool) -> str:
    """Who cuts, as people read it: `lean/u2netp`, `rembg/birefnet-general`."""
    return f"{'lean' if model in LEAN and not fine else 'rembg'}/{model}"

from dataclasses import dataclass

from core.ids import ModelId
from core.models.request import Quality, Ratio, Size


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What one call will really send to one model, after its card has been applied.

    `ignored` names the asked parameters that the model does not take, as people write them.
    """

    model: ModelId
    prompt: str
    size: Size | None = None
    ratio: Ratio | None = None
    seed: int | None = None
    steps: int | None = None
    quality: Quality | None = None
    negative: str | None = None
    ignored: tuple[str, ...] = ()

from dataclasses import dataclass, replace

from core.ids import ModelId
from core.models.request import Parameters, Quality, Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What an owner asks of every comparison that does not say otherwise."""

    models: tuple[ModelId, ...] = ()  # none: the catalog's own defaults
    ratio: Ratio | None = None
    count: int | None = None
    quality: Quality | None = None
    steps: int | None = None
    seed: int | None = None

    def under(self, asked: Parameters) -> Parameters:
        """`asked`, and of these what it leaves open; a size is the better ratio."""
        return replace(
            asked,
            ratio=asked.ratio or (None if asked.size else self.ratio),
            count=self.count if asked.count is None else asked.count,
            quality=asked.quality or self.quality,
            steps=self.steps if asked.steps is None else asked.steps,
            seed=self.seed if asked.seed is None else asked.seed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSet:
    """Models under a name of their owner's, asked as `@name`."""

    name: str
    models: tuple[ModelId, ...]

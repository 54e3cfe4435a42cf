"""The weights of the cut-out: which there are, where they come from, where they lie."""

from core.adapters.cutout.weights.disk import DiskWeights
from core.adapters.cutout.weights.index import PackageIndex
from core.adapters.cutout.weights.sources import Mirror

__all__ = ["DiskWeights", "Mirror", "PackageIndex"]

"""The port: which model, which weights, which engine; and what is said where there is none."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from typing_extensions import override

from core.adapters.cutout.cutouts import Cutouts, Limits, cutouts
from core.adapters.cutout.models import KNOWN, engine
from core.adapters.cutout.weights.catalog import RELEASES
from core.errors import BadImage, NoWeights, UnknownWeights
from core.models.tool import Cutout, ToolFailed, ToolFailureKind
from core.ports.tools import Report, Weights, WeightsNote
from tests.core.adapters.cutout.children import ENVIRONMENT, TINY, Reports, disc, is_cut, saved

ROOT = Path(__file__).parents[4]


@dataclass(slots=True)
class FakeWeights(Weights):
    """Has every model, all of them at `path`; fetching says which."""

    path: Path | None = TINY
    fetched: list[str] = field(default_factory=list)

    @override
    def notes(self) -> Sequence[WeightsNote]:
        return [
            WeightsNote(
                name=name,
                engine="lean",
                file=f"{name}.onnx",
                bytes=None,
                checksum="sha256:00",
                licence="MIT",
                path=None,
                preferred=name == "silueta",
            )
            for name in KNOWN
        ]

    @override
    async def fetch(self, name: str, report: Report) -> Path:
        self.fetched.append(name)
        if self.path is None:
            raise NoWeights(file=f"{name}.onnx", checksum="sha256:00", folder=Path("weights"))
        return self.path

    @override
    async def install(self, file: Path, *, trust: bool) -> WeightsNote:
        raise NotImplementedError


async def a_disc() -> bytes:
    return saved(disc())


async def nothing() -> bytes:
    return b"no picture"


@asynccontextmanager
async def cutter(weights: FakeWeights, folder: Path) -> AsyncIterator[tuple[Cutouts, list[str]]]:
    """And how often a better model was asked for."""
    upgrades: list[str] = []
    limits = Limits(threads=1)
    async with cutouts(
        weights, folder, ENVIRONMENT, limits, lambda: upgrades.append("asked")
    ) as cutter:
        yield cutter, upgrades


async def test_without_a_name_the_preferred_model_cuts_and_a_better_one_may_follow(tmp_path: Path):
    weights = FakeWeights()
    async with cutter(weights, tmp_path) as (cuts, upgrades):
        cut = await cuts.cut(a_disc, Cutout(), Reports())
    assert is_cut(cut.picture)
    assert cut.engine == "lean/silueta"
    assert weights.fetched == ["silueta"]
    assert upgrades == ["asked"]


async def test_a_model_that_is_named_cuts_and_nothing_else_is_fetched(tmp_path: Path):
    weights = FakeWeights()
    async with cutter(weights, tmp_path) as (cuts, upgrades):
        cut = await cuts.cut(a_disc, Cutout(model="u2netp"), Reports())
    assert cut.engine == "lean/u2netp"
    assert (weights.fetched, upgrades) == (["u2netp"], [])


@pytest.mark.parametrize(
    "name", ["", "bria-rmbg", "sam", "u2net_cloth_seg", "u2net_custom", "withoutbg", "atlascloud"]
)
async def test_a_model_that_is_not_offered_is_unknown_and_never_fetched(tmp_path: Path, name: str):
    weights = FakeWeights()
    async with cutter(weights, tmp_path) as (cuts, _):
        with pytest.raises(UnknownWeights) as refused:
            cuts.check(Cutout(model=name))
        with pytest.raises(UnknownWeights):
            await cuts.cut(a_disc, Cutout(model=name), Reports())
    assert (refused.value.name, refused.value.known) == (name, KNOWN)
    assert weights.fetched == []


async def test_where_no_source_has_the_model_the_failure_names_file_sum_and_folder(tmp_path: Path):
    async with cutter(FakeWeights(path=None), tmp_path) as (cuts, _):
        with pytest.raises(ToolFailed) as failed:
            await cuts.cut(a_disc, Cutout(), Reports())
    assert failed.value.failure.kind is ToolFailureKind.NO_WEIGHTS
    assert failed.value.failure.detail == ("silueta.onnx", "sha256:00", "weights")


async def test_a_file_that_holds_no_model_is_named_as_a_missing_one(tmp_path: Path):
    broken = tmp_path / "silueta.onnx"
    broken.write_bytes(b"<html>")
    async with cutter(FakeWeights(path=broken), tmp_path) as (cuts, _):
        with pytest.raises(ToolFailed) as failed:
            await cuts.cut(a_disc, Cutout(), Reports())
    assert failed.value.failure.kind is ToolFailureKind.NO_WEIGHTS
    assert failed.value.failure.detail == ("silueta.onnx", "sha256:00", str(tmp_path))


async def test_what_is_no_picture_is_a_bad_image_here_as_well(tmp_path: Path):
    async with cutter(FakeWeights(), tmp_path) as (cuts, upgrades):
        with pytest.raises(BadImage) as refused:
            await cuts.cut(nothing, Cutout(), Reports())
    assert refused.value.kind == "garbage"
    assert upgrades == []


def test_the_models_that_can_run_are_those_that_can_be_had():
    assert {release.name for release in RELEASES} == set(KNOWN)


def test_an_engine_is_named_as_people_read_it():
    assert engine("u2netp", fine=False) == "lean/u2netp"
    assert engine("u2netp", fine=True) == "rembg/u2netp"
    assert engine("birefnet-general", fine=False) == "rembg/birefnet-general"


def test_the_process_of_the_bot_loads_nothing_of_what_its_child_runs(tmp_path: Path):
    code = (
        "import json, sys; import core.app, core.adapters.cutout.cutouts;"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert not {"onnxruntime", "rembg", "numba", "pymatting"} & set(json.loads(run.stdout))

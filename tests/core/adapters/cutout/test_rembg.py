"""Against rembg itself: our numbers are its numbers, and its engine runs as we run it."""

import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from core.adapters.cutout.lean import Lean
from core.adapters.cutout.models import LEAN
from core.adapters.cutout.work import Work
from core.imaging.cutout.network import to_input
from core.models.tool import Cutout
from tests.core.adapters.cutout import rembg_masks
from tests.core.adapters.cutout.children import (
    PHOTOS,
    TINY,
    TRUE,
    Starts,
    disc,
    is_cut,
    saved,
    task,
)

NAMES = ("astronaut", "chelsea", "coffee", "lemur", "rocket")
true = pytest.mark.skipif(
    not (TRUE.exists() and PHOTOS.exists()),
    reason="the true weights and the photos lie beside the project's own folder",
)


@pytest.fixture(scope="module")
def rembgs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of rembg's masks and inputs; of one disc where there are no photos."""
    folder = tmp_path_factory.mktemp("rembg")
    disc().save(folder / "disc.png")
    photos = [PHOTOS / f"{name}.jpg" for name in NAMES] if TRUE.exists() else []
    weights = TRUE if photos else TINY
    subprocess.run(
        [
            *(sys.executable, rembg_masks.__file__, str(weights), str(folder)),
            *map(str, photos or [folder / "disc.png"]),
        ],
        env={"PATH": os.defpath, "HOME": str(folder), "NUMBA_DISABLE_JIT": "1"},
        check=True,
    )
    return folder


def photo(name: str) -> Image.Image:
    with Image.open(PHOTOS / f"{name}.jpg") as picture:
        return picture.convert("RGB")


def levels(path: Path) -> NDArray[np.int16]:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("L"), np.int16)


@true
@pytest.mark.parametrize("name", NAMES)
def test_a_mask_is_rembgs_to_one_level_in_255(rembgs: Path, name: str):
    mask = Lean(2).mask("u2netp", str(TRUE), photo(name))
    assert mask is not None
    assert np.abs(np.asarray(mask, np.int16) - levels(rembgs / f"{name}.png")).max() <= 1


@pytest.mark.parametrize("name", LEAN)
def test_every_network_is_given_what_rembg_gives_it(rembgs: Path, name: str):
    network = LEAN[name]
    picture = photo(NAMES[0]) if TRUE.exists() else disc()
    ours = to_input(picture, network.side, network.mean, network.std)
    theirs = np.load(rembgs / f"{name}.npy")
    assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape)
    assert np.abs(ours - theirs).max() < 1e-5


@true
def test_a_photo_of_known_alpha_is_cut_out_no_worse_than_by_rembg(rembgs: Path):
    wanted = levels(PHOTOS / "lemur.mask.png") > 127
    data = (PHOTOS / "lemur.jpg").read_bytes()
    cut = Image.open(io.BytesIO(Work(2, None).do(task(data, weights=TRUE))))

    def shared(alpha: NDArray[np.int16] | NDArray[np.uint8]) -> float:
        found = alpha > 127
        return float((found & wanted).sum() / (found | wanted).sum())

    ours = shared(np.asarray(cut.getchannel("A")))
    assert ours > 0.9
    assert ours >= shared(levels(rembgs / "lemur.png"))


async def test_rembgs_other_models_run_on_the_file_that_they_are_given(starts: Starts):
    child = await starts()
    assert is_cut(await child.ask(task(model="u2net_human_seg")))
    assert is_cut(await child.ask(task(model="u2net_human_seg")))


async def test_alpha_matting_cuts_out_as_well(starts: Starts):
    child = await starts()
    small = saved(disc((48, 40)))
    assert is_cut(await child.ask(task(small, Cutout(fine=True))))

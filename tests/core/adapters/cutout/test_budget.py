import subprocess
import sys
from collections.abc import Callable

import pytest

from core.adapters.cutout import budget
from core.adapters.cutout.budget import check
from core.adapters.cutout.models import LEAN, REMBG
from core.models.tool import ToolFailed, ToolFailureKind

MIB, GIB = 2**20, 2**30
Free = Callable[[int | None], None]


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> Free:
    return lambda left: monkeypatch.setattr(budget, "available", lambda: left)


def allowed(model: str, *, fine: bool = False, limit: int | None = None, side: int = 1024) -> bool:
    try:
        check(model, (side, side), fine=fine, limit=limit)
    except ToolFailed as refused:
        return refused.failure.kind is not ToolFailureKind.NO_MEMORY
    return True


@pytest.mark.parametrize("model", LEAN)
@pytest.mark.parametrize("limit", [None, MIB])
def test_the_lean_engine_is_always_tried(free: Free, model: str, limit: int | None):
    free(MIB)
    assert allowed(model, limit=limit)


def test_alpha_matting_needs_more_for_a_larger_picture(free: Free):
    free(2 * GIB)
    assert allowed("u2netp", fine=True)
    assert not allowed("u2netp", fine=True, side=4000)


def test_alpha_matting_has_to_be_compiled_even_for_a_small_picture(free: Free):
    free(GIB)
    assert allowed("u2netp", fine=True, side=64)
    assert not allowed("u2netp", fine=True, side=64, limit=512 * MIB)


@pytest.mark.parametrize("model", REMBG)
def test_rembgs_models_are_refused_where_little_is_free_or_allowed(free: Free, model: str):
    free(8 * GIB)
    assert allowed(model)
    assert not allowed(model, limit=512 * MIB)
    free(512 * MIB)
    assert not allowed(model, limit=8 * GIB)


def test_a_light_model_is_not_held_to_what_the_heavy_ones_need(free: Free):
    free(GIB)
    assert allowed("u2net_human_seg")
    assert not allowed("birefnet-general-lite")
    free(2 * GIB)
    assert allowed("birefnet-general-lite")
    assert not allowed("birefnet-general")


def test_where_nothing_says_how_much_there_is_all_is_tried(free: Free):
    free(None)
    assert allowed("birefnet-general", fine=True)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts all memory in this limit")
@pytest.mark.parametrize(
    ("limit", "megabytes", "word"),
    [("300 * 2**20", 200, "had"), ("300 * 2**20", 400, "refused"), ("None", 400, "had")],
)
def test_beyond_its_limit_a_process_gets_no_memory(limit: str, megabytes: int, word: str):
    code = f"""
from core.adapters.cutout.budget import confine
confine({limit})
try:
    bytearray({megabytes} * 2**20)
    print("had")
except MemoryError:
    print("refused")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == word

import io
from collections import Counter

import pytest
from PIL import Image

from core.imaging.split import find_grid
from core.models.grid import Grid
from tests.core.imaging.split.grids import CODECS, COLUMNS, cases, encoded
from tests.core.imaging.split.singles import singles
from tests.core.imaging.split.sources import have_photos

SHARE = {True: 13, False: 3}  # one in so many of the table that `tests.bench.grids` prints in full

# The shares of each column of the table that must be found, at least.
GOALS = {
    "gutters, distinct": (1, 1, 0.95, 0.95, 0.9),
    "gutters, variations": (1, 1, 0.95, 0.95, 0.9),
    "no gutter, distinct": (1, 0.9, 0.9, 0.8, 0.8),
    "no gutter, variations": (1, 0.9, 0.9, 0.8, 0.3),
}


@pytest.mark.skipif(not have_photos(), reason="the shared photos are not beside this checkout")
@pytest.mark.parametrize("row", GOALS)
def test_grids_are_found_as_often_as_was_reached_once_and_hardly_ever_wrongly(row):
    found: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    wrong = []
    for number, case in enumerate(cases([0, 1], rows=[row])):
        if number % SHARE[case.gutter > 0]:
            continue
        grid = _found(case.data())
        tried[case.column] += 1
        found[case.column] += grid == case.grid
        if grid not in (None, case.grid):
            wrong.append((case, grid))
    for column, goal in zip(COLUMNS, GOALS[row], strict=True):
        assert found[column] >= goal * tried[column], column
    assert len(wrong) <= 0.04 * tried.total(), wrong


def test_no_single_picture_is_taken_for_a_grid():
    found = {
        name: str(grid)
        for number, (name, picture) in enumerate(singles(1))
        if (grid := _found(encoded(picture, CODECS[number % len(CODECS)])))
    }
    assert found == {}


def _found(data: bytes) -> Grid | None:
    return find_grid(Image.open(io.BytesIO(data)))

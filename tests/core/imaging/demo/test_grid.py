from itertools import combinations

import numpy as np
import pytest

from core.imaging.demo import grid


def quadrants(picture):
    height, width, _ = picture.shape
    y, x = height // 2, width // 2
    return [picture[:y, :x], picture[:y, x:], picture[y:, :x], picture[y:, x:]]


@pytest.mark.parametrize("prompt", ["fox", "a red fox in the snow", ""])
def test_the_four_tiles_differ(prompt):
    picture = np.asarray(grid(prompt, seed=2, width=128, height=96), dtype=np.float32)
    for first, second in combinations(quadrants(picture), 2):
        assert np.abs(first - second).mean() > 4


@pytest.mark.parametrize(("width", "height"), [(129, 97), (64, 65), (65, 64)])
def test_odd_sizes_are_covered_to_the_last_pixel(width, height):
    image = grid("snowy mountain by day", seed=4, width=width, height=height)
    assert (image.size, image.mode) == ((width, height), "RGB")
    picture = np.asarray(image)
    assert picture[:, -1].max() > 0
    assert picture[-1].max() > 0


def test_the_tiles_meet_at_the_middle():
    picture = np.asarray(grid("planet", seed=1, width=161, height=121), dtype=np.float32)
    steps = np.abs(np.diff(picture, axis=1)).mean(axis=(0, 2))
    assert steps.argmax() == 161 // 2 - 1


def test_the_same_arguments_give_the_same_pixels_and_another_seed_does_not():
    one, same, other = (np.asarray(grid("sea", seed=s, width=96, height=64)) for s in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)

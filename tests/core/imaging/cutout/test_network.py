import numpy as np
from PIL import Image

from core.imaging.cutout.network import to_input, to_mask

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def test_a_picture_goes_in_as_planes_scaled_to_its_brightest_value_and_normalised():
    picture = Image.new("RGB", (50, 30), (51, 102, 204))
    given = to_input(picture, 32, MEAN, STD)
    assert given.shape == (1, 3, 32, 32)
    assert given.dtype == np.float32
    colour = [
        (level - mean) / std for level, mean, std in zip((0.25, 0.5, 1), MEAN, STD, strict=True)
    ]
    assert np.allclose(given[0, :, 5, 5], colour, atol=1e-6)


def test_a_black_picture_goes_in_without_a_division_by_zero():
    assert np.isfinite(to_input(Image.new("RGB", (8, 8)), 16, MEAN, STD)).all()


def test_a_prediction_is_spread_over_all_levels_and_scaled_to_the_picture():
    plane = np.full((1, 1, 64, 64), 0.2, np.float32)
    plane[..., 32:] = 0.6
    mask = to_mask(plane, (100, 40))
    assert mask is not None
    assert (mask.mode, mask.size) == ("L", (100, 40))
    assert mask.getextrema() == (0, 255)


def test_a_prediction_without_a_difference_is_no_mask():
    assert to_mask(np.full((1, 1, 8, 8), 0.3, np.float32), (8, 8)) is None
    assert to_mask(np.full((1, 1, 8, 8), np.nan, np.float32), (8, 8)) is None

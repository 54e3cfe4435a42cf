"""A network's mask is soft, a few pixels off, and sometimes unsure of a whole region."""

import numpy as np
from PIL import Image, ImageFilter

from core.imaging.cutout.edges import foreground
from core.imaging.cutout.layers import layered
from core.imaging.cutout.source import Source
from tests.core.imaging.cutout.pictures import disc, strands

WHITE_FUR, LEAVES = (225, 215, 205), (30, 80, 20)


def test_a_mask_that_is_wider_than_the_subject_lets_little_of_the_background_through():
    case = strands(WHITE_FUR, LEAVES, side=256)
    mask = case.alpha.filter(ImageFilter.GaussianBlur(2))
    alpha = np.asarray(mask, np.float32) / 255
    soft = (alpha > 0.05) & (alpha < 0.95)

    def green(picture: Image.Image) -> float:
        red, green, blue = np.moveaxis(np.asarray(picture, np.float32), 2, 0)
        return float((alpha * np.maximum(0, green - np.maximum(red, blue)))[soft].mean())

    assert green(foreground(case.picture, mask)) < green(case.picture) / 3


def test_where_the_mask_is_unsure_no_colours_are_invented():
    rng = np.random.default_rng(1)
    grey = rng.integers(90, 160, (128, 128, 1), np.uint8).repeat(3, axis=2)
    unsure = rng.integers(90, 130, (128, 128), np.uint8)
    unsure[:, :32], unsure[:, 96:] = 0, 255
    clean = np.asarray(foreground(Image.fromarray(grey), Image.fromarray(unsure)), np.int16)
    assert np.ptp(clean, axis=2).max() <= 1


def test_what_a_transparent_pixel_hides_is_not_brought_to_light_by_a_feather():
    """A background that somebody hid by alpha alone is still in the file."""
    picture, inside = disc(128)
    picture.paste((0, 255, 0), mask=inside.point(lambda level: 255 - level))
    source = Source(picture=picture, visible=inside, profile=None)
    layer = np.asarray(layered(source, Image.new("L", picture.size, 255), 12))
    shown = layer[layer[..., 3] > 0]
    assert shown[:, 1].max() < 60
    assert not layer[layer[..., 3] == 0].any()


def test_the_given_pictures_stay_as_they_were():
    picture, mask = disc()
    before = picture.tobytes(), mask.tobytes()
    foreground(picture, mask, Image.new("L", picture.size, 200))
    assert (picture.tobytes(), mask.tobytes()) == before

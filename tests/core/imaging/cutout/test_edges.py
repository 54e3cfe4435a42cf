import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from core.imaging.cutout.edges import foreground
from tests.core.imaging.cutout.pictures import BROWN, GREEN, disc, on_white, same, strands


@pytest.mark.parametrize(
    ("hair", "wall"),
    [
        (BROWN, GREEN),
        (BROWN, (250, 250, 250)),
        ((40, 30, 20), (230, 230, 240)),
        ((220, 190, 120), (20, 40, 60)),
        ((30, 30, 30), (90, 90, 90)),
    ],
)
def test_hair_on_white_is_neither_dark_nor_shows_the_old_wall(hair, wall):
    """Closer to an exact cut-out than bare alpha, and than rembg, which blends with black."""
    case = strands(hair, wall)
    ours, bare = foreground(case.picture, case.alpha), case.picture.copy()
    ours.putalpha(case.alpha)
    bare.putalpha(case.alpha)
    on_black = Image.composite(case.picture, Image.new("RGBA", ours.size, 0), case.alpha)
    off = {
        name: abs(on_white(cut)[case.soft].mean() - case.ideal[case.soft].mean())
        for name, cut in {"ours": ours, "bare": bare, "on black": on_black}.items()
    }
    assert off["ours"] < 2
    assert off["ours"] < min(off["bare"], off["on black"])


def test_every_soft_pixel_has_nearly_the_colour_of_the_hair():
    case = strands()
    found = np.asarray(foreground(case.picture, case.alpha), float)[case.soft]
    assert np.abs(found - BROWN).mean() < 8


def test_under_the_whole_mask_every_pixel_stays_as_it_is():
    rng = np.random.default_rng(5)
    picture = Image.fromarray(rng.integers(0, 255, (300, 200, 3), np.uint8))
    mask = Image.new("L", picture.size)
    ImageDraw.Draw(mask).rectangle((40, 40, 150, 250), fill=255)
    mask = mask.filter(ImageFilter.GaussianBlur(3))
    whole = np.asarray(mask) == 255
    assert whole.any()
    assert np.array_equal(np.asarray(foreground(picture, mask))[whole], np.asarray(picture)[whole])


def test_a_full_mask_changes_nothing():
    picture, _ = disc()
    assert same(foreground(picture, Image.new("L", picture.size, 255)), picture)


def test_where_the_mask_is_faint_nothing_of_the_background_can_be_read():
    """A background that would be recognised at once, under a mask that is never quite 0."""
    picture, mask = disc(256)
    wall = Image.effect_noise(picture.size, 90).convert("RGB")
    picture.paste(wall, mask=mask.point(lambda level: 255 - level))
    faint = mask.point(lambda level: max(level, 3))
    found = np.asarray(foreground(picture, faint), float)
    outside = np.asarray(mask) == 0
    assert found[outside].std(axis=0).max() < 12


def test_the_colour_of_the_edge_goes_on_where_a_feather_will_show_it():
    picture, mask = disc(256)
    shown = mask.filter(ImageFilter.GaussianBlur(8))
    found = np.asarray(foreground(picture, mask, None, shown), float)
    beyond = (np.asarray(mask) == 0) & (np.asarray(shown) > 20)
    assert np.abs(found[beyond] - (200, 30, 40)).mean() < 12


def test_colours_under_a_transparent_part_are_not_looked_at():
    picture, mask = disc(256)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 256, 120), fill="lime")
    visible = Image.new("L", picture.size, 255)
    ImageDraw.Draw(visible).rectangle((0, 0, 256, 120), fill=0)
    soft = mask.filter(ImageFilter.GaussianBlur(4))
    found = np.asarray(foreground(picture, soft, visible), float)
    edge = (np.asarray(soft) > 20) & (np.asarray(soft) < 235) & (np.asarray(visible) > 0)
    assert np.abs(found[edge] - (200, 30, 40)).mean() < 20


@pytest.mark.parametrize("size", [(1, 1), (3, 1), (1, 700), (129, 257), (1300, 40)])
def test_a_picture_of_any_size_keeps_it(size):
    picture = Image.new("RGB", size, "red")
    mask = Image.linear_gradient("L").resize(size)
    found = foreground(picture, mask)
    assert (found.size, found.mode) == (size, "RGB")
    assert picture.getpixel((0, 0)) == (255, 0, 0)

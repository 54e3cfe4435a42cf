import numpy as np
import pytest
from PIL import Image, ImageFilter

from core.imaging.cutout.layers import layered, matted
from core.imaging.cutout.source import Source
from core.models.tool import ToolFailed, ToolFailureKind
from tests.core.imaging.cutout.pictures import disc, same

GREY = (128, 128, 128)


def source(picture: Image.Image, visible: Image.Image | None = None) -> Source:
    return Source(picture=picture, visible=visible, profile=None)


def test_where_it_is_transparent_there_is_nothing_to_read():
    picture, mask = disc()
    layer = np.asarray(layered(source(picture), mask, 0))
    gone = layer[..., 3] == 0
    assert gone.mean() > 0.5
    assert not layer[gone].any()


def test_the_colour_of_the_background_is_nowhere_in_the_layer():
    picture, mask = disc(256)
    layer = np.asarray(layered(source(picture), mask.filter(ImageFilter.GaussianBlur(2)), 0), int)
    away = np.abs(layer[..., :3] - GREY).max(axis=2)
    assert away.min() > 40


def test_the_mask_is_the_alpha():
    picture, mask = disc()
    assert same(layered(source(picture), mask, 0).getchannel("A"), mask)


def test_what_was_transparent_stays_so():
    picture, mask = disc()
    half = Image.new("L", picture.size, 255)
    half.paste(0, (0, 0, 64, 32))
    alpha = layered(source(picture, half), mask, 0).getchannel("A")
    assert not np.asarray(alpha)[:32].any()
    assert np.array_equal(np.asarray(alpha)[32:], np.asarray(mask)[32:])


def test_a_feather_softens_the_edge_by_pixels_and_brings_no_background_back():
    picture, mask = disc(256)
    sharp, soft = (np.asarray(layered(source(picture), mask, n)) for n in (0, 12))
    between = [((layer[..., 3] > 8) & (layer[..., 3] < 247)).sum() for layer in (sharp, soft)]
    assert between[1] > between[0] + 12 * 256
    seen = soft[..., 3] > 8
    assert np.abs(soft[seen][:, :3].astype(int) - (200, 30, 40)).mean() < 12


@pytest.mark.parametrize("level", [0, 5])
def test_a_mask_of_nothing_or_of_noise_alone_is_no_subject(level):
    picture, _ = disc()
    with pytest.raises(ToolFailed) as failed:
        layered(source(picture), Image.new("L", picture.size, level), 0)
    assert failed.value.failure.kind is ToolFailureKind.NO_SUBJECT


def test_a_matte_keeps_its_own_colours():
    picture, mask = disc()
    matte = Image.new("RGBA", picture.size, (1, 2, 3, 0))
    matte.putalpha(mask)
    layer = np.asarray(matted(source(picture), matte, 0))
    assert (layer[layer[..., 3] == 255] == (1, 2, 3, 255)).all()
    assert not layer[layer[..., 3] == 0].any()

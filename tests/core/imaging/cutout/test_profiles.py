"""Colours that a profile gives another meaning than sRGB's."""

import numpy as np
import pytest
from PIL import Image, ImageCms

from core.imaging.cutout.exports import export
from core.models.tool import Cutout, CutoutFormat
from tests.core.imaging.cutout.pictures import opened

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
# In its numbers red is green and green is red.
SWAPPED = SRGB.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")


def layer() -> Image.Image:
    picture = Image.new("RGBA", (512, 512))
    picture.paste((200, 30, 20, 255), (100, 100, 400, 400))
    picture.info["icc_profile"] = SWAPPED  # as it comes from the source
    return picture


@pytest.mark.parametrize("format_", [CutoutFormat.STICKER, CutoutFormat.EMOJI])
def test_what_chats_show_is_changed_to_the_colours_that_they_know(format_: CutoutFormat):
    found = opened(export(layer(), Cutout(format=format_), SWAPPED))
    assert "icc_profile" not in found.info
    middle = np.array(found.convert("RGB").getpixel((found.width // 2, found.height // 2)))
    assert np.abs(middle - (30, 200, 20)).max() < 12


@pytest.mark.parametrize("format_", [CutoutFormat.PNG, CutoutFormat.WEBP])
def test_a_background_looks_as_it_was_asked_for_whatever_the_profile(format_: CutoutFormat):
    found = opened(export(layer(), Cutout(background=(200, 30, 20), format=format_), SWAPPED))
    assert found.info["icc_profile"] == SWAPPED
    assert np.abs(np.array(found.getpixel((0, 0))) - (30, 200, 20)).max() < 12


@pytest.mark.parametrize("format_", [CutoutFormat.PNG, CutoutFormat.WEBP, CutoutFormat.STICKER])
def test_a_profile_that_nobody_can_read_spoils_nothing(format_: CutoutFormat):
    cutout = Cutout(background=(0, 0, 255), format=format_)
    found = opened(export(layer(), cutout, b"nonsense" * 30)).convert("RGB")
    assert np.abs(np.array(found.getpixel((0, 0))) - (0, 0, 255)).max() <= 2

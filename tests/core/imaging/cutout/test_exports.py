import numpy as np
import pytest
from PIL import Image, ImageCms

from core.errors import BadImage
from core.imaging.cutout.exports import export
from core.models.tool import Cutout, CutoutFormat
from tests.core.imaging.cutout.pictures import disc, opened, same

LIMIT = 512 * 2**10
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def layer(size: tuple[int, int] = (300, 200)) -> Image.Image:
    """A wide red bar, seen, on what is transparent."""
    picture = Image.new("RGBA", size)
    picture.paste((200, 30, 40, 255), (50, 80, 250, 120))
    return picture


def exported(picture: Image.Image, profile: bytes | None = None, **options) -> Image.Image:
    return opened(export(picture, Cutout(**options), profile))


@pytest.mark.parametrize("format_", [CutoutFormat.PNG, CutoutFormat.WEBP])
def test_the_file_holds_every_pixel_of_the_layer(format_):
    found = exported(layer(), format=format_)
    assert (found.format, found.mode) == (format_.upper(), "RGBA")
    assert same(found, layer())


@pytest.mark.parametrize("format_", [CutoutFormat.PNG, CutoutFormat.WEBP])
def test_the_colour_profile_is_kept(format_):
    assert exported(layer(), PROFILE, format=format_).info["icc_profile"] == PROFILE


def test_a_background_is_filled_and_leaves_no_alpha():
    half = layer()
    half.putalpha(half.getchannel("A").point(lambda level: level // 2))
    found = exported(half, background=(0, 0, 255))
    assert found.mode == "RGB"
    assert found.getpixel((0, 0)) == (0, 0, 255)
    assert found.getpixel((150, 100)) == pytest.approx((100, 15, 148), abs=2)


def test_trimming_leaves_the_box_of_what_can_be_seen():
    noisy = layer()
    noisy.putpixel((0, 0), (255, 255, 255, 3))
    assert exported(noisy, trim=True).size == (200, 40)


@pytest.mark.parametrize("size", [(300, 200), (900, 1200), (2000, 130), (40, 40)])
@pytest.mark.parametrize("background", [None, (255, 255, 255)])
def test_a_sticker_is_what_telegram_takes(size, background):
    found = exported(layer(size), format=CutoutFormat.STICKER, background=background)
    assert found.format == "WEBP"
    assert max(found.size) == 512
    assert min(found.size) >= 1


def test_a_sticker_is_squeezed_until_it_is_small_enough():
    noise = np.random.default_rng(2).integers(0, 255, (512, 512, 4), np.uint8)
    data = export(Image.fromarray(noise), Cutout(format=CutoutFormat.STICKER), None)
    assert 2**10 < len(data) <= LIMIT
    assert opened(data).size == (512, 512)


@pytest.mark.parametrize("background", [None, (0, 255, 0)])
def test_an_emoji_is_a_small_square_with_the_subject_in_its_middle(background):
    data = export(layer(), Cutout(format=CutoutFormat.EMOJI, background=background), PROFILE)
    found = opened(data)
    assert len(data) <= 256 * 2**10
    assert (found.format, found.size) == ("PNG", (128, 128))
    red = np.asarray(found.convert("RGB"))[..., 0] > 150
    rows, columns = np.nonzero(red)
    assert (int(columns.min()), int(columns.max())) == (0, 127)
    assert rows.mean() == pytest.approx(63.5, abs=1)


def test_scaling_blends_no_black_into_a_soft_edge():
    picture, mask = disc(400)
    picture = Image.new("RGB", picture.size, (240, 240, 240))
    picture.putalpha(mask)
    picture.paste((0, 0, 0, 0), mask=mask.point(lambda level: 255 * (level == 0)))
    found = np.asarray(exported(picture, format=CutoutFormat.EMOJI))
    assert found[found[..., 3] > 32][:, :3].min() > 225


def test_a_broken_profile_stops_nothing():
    assert exported(layer(), b"no profile", format=CutoutFormat.EMOJI).size == (128, 128)


def test_a_webp_longer_than_the_format_allows_is_too_large():
    with pytest.raises(BadImage) as refused:
        export(Image.new("RGBA", (16_384, 1)), Cutout(format=CutoutFormat.WEBP), None)
    assert refused.value.kind == "too_large"

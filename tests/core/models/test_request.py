import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.models.request import DRAWN_SEED_LIMIT, RATIOS, Ratio, Request, Size


@pytest.mark.parametrize("text", ["1024x768", "1024X768", "1024×768", "1024*768", " 1024 x 768 "])
def test_a_size_is_read_as_people_write_it(text):
    size = Size.read(text)
    assert (size.width, size.height, str(size)) == (1024, 768, "1024x768")


@pytest.mark.parametrize(
    "text",
    ["", "1024", "1024x", "1024:768", "63x64", "64x8193", "0x0", "-64x64", "64x64px", "99999x64"],
)
def test_what_is_no_size_or_one_that_nobody_paints_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        Size.read(text)


@given(st.integers(64, 8192), st.integers(64, 8192))
def test_a_size_reads_as_it_is_written(width, height):
    size = Size(width=width, height=height)
    assert Size.read(str(size)) == size


@pytest.mark.parametrize("text", ["16:9", "16x9", "16×9", "16 : 9", "016:09"])
def test_a_ratio_is_read_as_people_write_it(text):
    assert str(Ratio.read(text)) == "16:9"


@pytest.mark.parametrize("text", ["", "16", "16:", "16/9", "0:1", "1:0", "11:1", "1:11", "1.5:1"])
def test_what_is_no_ratio_or_too_steep_for_a_picture_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        Ratio.read(text)


@pytest.mark.parametrize("text", [*RATIOS, "10:1", "1:10"])
def test_the_offered_ratios_and_the_steepest_are_read(text):
    assert str(Ratio.read(text)) == text


@given(st.text())
@pytest.mark.parametrize("kind", [Size, Ratio])
def test_any_text_is_a_shape_or_a_value_error(kind, text):
    try:
        shape = kind.read(text)
    except ValueError:
        return
    assert kind.read(str(shape)) == shape


def test_every_request_draws_its_own_seed_for_all_its_models():
    drawn = {Request(prompt="a fox", models=()).drawn_seed for _ in range(50)}
    assert len(drawn) > 40
    assert all(0 <= seed < DRAWN_SEED_LIMIT for seed in drawn)

import pytest

from core.imaging.colours import read_colour


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("#fff", (255, 255, 255)),
        ("#0a1B2c", (10, 27, 44)),
        ("white", (255, 255, 255)),
        (" RebeccaPurple ", (102, 51, 153)),
    ],
)
def test_a_colour_is_read_as_people_write_it(text, colour):
    assert read_colour(text) == colour


@pytest.mark.parametrize(
    "text",
    [
        "",
        "transparent",
        "fff",
        "#ffff",
        "#12345g",
        "#ffffffff",
        "rgb(1,2,3)",
        "hsl(0,1%,1%)",
        "白",
    ],
)
def test_anything_else_is_no_colour(text):
    with pytest.raises(ValueError, match=r".*"):
        read_colour(text)

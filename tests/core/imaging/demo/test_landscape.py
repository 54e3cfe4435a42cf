import numpy as np
import pytest

from core.imaging.demo import landscape


def pixels(prompt, seed=7, width=160, height=120, negative=""):
    image = landscape(prompt, seed=seed, width=width, height=height, negative=negative)
    return np.asarray(image, dtype=np.float32)


def ground(picture):
    return picture[-24:]


def test_the_same_arguments_give_the_same_pixels():
    assert np.array_equal(pixels("mountain lake"), pixels("mountain lake"))


def test_another_seed_or_prompt_gives_another_picture():
    first = pixels("mountain lake")
    assert np.abs(first - pixels("mountain lake", seed=8)).mean() > 4
    assert np.abs(first - pixels("desert")).mean() > 4


@pytest.mark.parametrize(
    ("prompt", "width", "height"),
    [
        ("fox in a foggy snowy forest", 64, 64),
        ("fox in a foggy snowy forest", 64, 1500),
        ("rainy city by night", 65, 127),
        ("aurora over the sea", 512, 64),
        ("autumn lake, birds", 336, 144),
    ],
)
def test_every_size_is_exact(prompt, width, height):
    image = landscape(prompt, seed=3, width=width, height=height)
    assert (image.size, image.mode) == ((width, height), "RGB")


@pytest.mark.parametrize(
    "prompt",
    [
        "beach at sunset, birds",
        "cherry blossom trees in the mist, a dog",
        "desert at sunrise, a cat",
        "snow in the city, robot",
        "cloudy mountain meadow by day",
        "lake under the stars",
    ],
)
def test_words_can_be_combined(prompt):
    assert pixels(prompt, width=64, height=64).std() > 5


@pytest.mark.parametrize("seed", [0, 2**32 - 1, 10**30])
def test_seeds_of_any_size_are_fine(seed):
    assert pixels("stars", seed=seed, width=64, height=64).shape == (64, 64, 3)


def test_snow_brightens_the_ground_and_a_negative_prompt_takes_it_away():
    white = ground(pixels("mountain by day, snow"))
    plain = ground(pixels("mountain by day"))
    refused = ground(pixels("mountain by day, snow", negative="snow"))
    assert white.mean() > plain.mean() + 40
    assert white.mean() > refused.mean() + 40


def test_night_is_darker_than_day():
    assert pixels("sea at night").mean() < pixels("sea by day").mean() - 50


def test_a_colour_tints_the_picture():
    red = pixels("red mountain by day").mean(axis=(0, 1))
    blue = pixels("blue mountain by day").mean(axis=(0, 1))
    assert red[0] - red[2] > blue[0] - blue[2] + 10


def test_a_fox_stands_orange_in_the_snow():
    with_fox = pixels("a red fox in the snow by day")
    without = pixels("a red fox in the snow by day", negative="fox")

    def orange(picture):
        return ((picture[..., 0] - picture[..., 2]) > 90).sum()

    assert orange(with_fox) > orange(without) + 100


def test_chinese_and_english_prompts_paint_the_same_kind_of_picture():
    chinese, english = pixels("白天的雪山"), pixels("snow mountain by day")
    assert abs(chinese.mean() - english.mean()) < 30


def test_the_longest_prompt_is_no_trouble():
    assert pixels("雪 fox " * 4_000, width=64, height=64).std() > 5

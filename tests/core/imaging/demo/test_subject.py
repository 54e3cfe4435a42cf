import numpy as np
import pytest

from core.imaging.demo import subject
from core.imaging.demo.figures.gallery import FIGURES


def pixels(prompt, seed=5, width=160, height=120):
    image = subject(prompt, seed=seed, width=width, height=height)
    return np.asarray(image, dtype=np.float32)


def border(picture):
    edges = (picture[:3], picture[-3:], picture[:, :3], picture[:, -3:])
    return np.concatenate([edge.reshape(-1, 3) for edge in edges])


@pytest.mark.parametrize("name", FIGURES)
def test_the_figure_stands_centred_on_a_plain_backdrop(name):
    picture = pixels(name)
    plain = border(picture)
    assert plain.std(axis=0).max() < 1
    different = np.abs(picture - plain.mean(axis=0)).max(axis=2) > 40
    assert different[30:90, 50:110].mean() > 0.2
    assert different.mean() < 0.5
    rows, columns = np.nonzero(different)
    assert abs((rows.min() + rows.max()) / 2 - 60) < 9
    assert abs((columns.min() + columns.max()) / 2 - 80) < 9


def test_the_same_arguments_give_the_same_pixels_and_others_do_not():
    assert np.array_equal(pixels("fox"), pixels("fox"))
    assert not np.array_equal(pixels("fox"), pixels("fox", seed=6))
    assert not np.array_equal(pixels("fox"), pixels("cat"))


def test_without_a_known_word_the_seed_chooses_the_figure():
    pictures = [pixels("something", seed=seed) for seed in range(5)]
    masks = {(np.abs(p - p[0, 0]).max(axis=2) > 40).sum() for p in pictures}
    assert len(masks) > 2


def test_a_colour_word_paints_the_figure():
    def middle(prompt):
        return pixels(prompt)[50:70, 70:90].mean(axis=(0, 1))

    assert middle("blue mug")[2] > middle("red mug")[2] + 20
    assert middle("a planet, green")[1] > middle("a planet, purple")[1] + 20


@pytest.mark.parametrize(("width", "height"), [(64, 64), (65, 129), (64, 512), (511, 64)])
def test_every_size_is_exact(width, height):
    image = subject("planet", seed=1, width=width, height=height)
    assert (image.size, image.mode) == ((width, height), "RGB")

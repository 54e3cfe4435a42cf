import numpy as np
import pytest

from core.imaging.demo import noise


def test_a_generator_depends_on_each_of_its_arguments():
    numbers = {
        noise.generator(*arguments).random()
        for arguments in (("a", 1, "x"), ("b", 1, "x"), ("a", 2, "x"), ("a", 1, "y"))
    }
    assert len(numbers) == 4
    assert noise.generator("a", 1, "x").random() == noise.generator("a", 1, "x").random()


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (120, 5), (64, 64)])
def test_fractal_noise_has_the_asked_shape_and_stays_in_range(shape):
    rng = np.random.default_rng(1)
    field = noise.fractal(rng, shape=shape, cell=20, octaves=6)
    assert field.shape == shape
    assert field.dtype == np.float32
    assert np.abs(field).max() < 1.5


def test_a_wrapping_tile_has_no_seam():
    tile = noise.wrapping_tile(np.random.default_rng(1), size=64, falloff=1.8)
    seam = np.abs(tile[:, 0] - tile[:, -1]).mean()
    inside = np.abs(np.diff(tile, axis=1)).mean()
    assert seam < 3 * inside


def test_sampling_a_plane_at_lattice_points_gives_the_tile():
    tile = noise.wrapping_tile(np.random.default_rng(2), size=16, falloff=1.0)
    y, x = np.mgrid[0:16, 0:16].astype(np.float32) / 16
    assert np.allclose(noise.on_plane(tile, x + 1, y - 2), tile, atol=1e-5)

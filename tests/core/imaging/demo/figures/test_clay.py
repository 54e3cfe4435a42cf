import math

import numpy as np
import pytest

from core.imaging.demo.figures.clay import Lamp, Part, Place, paint_figure
from core.imaging.demo.figures.outline import curve, ellipse, mirrored, slab, tube

LAMP = Lamp(toward=(-1, -1, 1), light=(0.8, 0.8, 0.8), shade=(0.2, 0.2, 0.2), rim=(0, 0, 0))
BALL = (Part(outline=ellipse(0.5, 0.5, 0.4, 0.4), colour=(0.8, 0.8, 0.8)),)


def test_a_ball_is_bright_towards_the_lamp_and_dark_away_from_it():
    canvas = np.zeros((3, 100, 100), dtype=np.float32)
    mask = paint_figure(canvas, BALL, Place(x=0, y=0, size=100), LAMP)
    assert canvas[:, 30, 30].mean() > canvas[:, 70, 70].mean() + 0.2
    assert mask.sum() == pytest.approx(math.pi * 40**2, rel=0.02)
    assert canvas[:, mask == 0].max() == 0


def test_a_figure_partly_or_wholly_outside_the_canvas_is_clipped():
    canvas = np.zeros((3, 40, 40), dtype=np.float32)
    assert paint_figure(canvas, BALL, Place(x=-50, y=-50, size=100), LAMP).any()
    assert not paint_figure(canvas, BALL, Place(x=500, y=0, size=100), LAMP).any()


def test_mirroring_turns_a_figure_around():
    side = (Part(outline=ellipse(0.2, 0.5, 0.1, 0.1), colour=(1, 1, 1)),)
    canvas = np.zeros((3, 100, 100), dtype=np.float32)
    mask = paint_figure(canvas, side, Place(x=100, y=0, size=100, mirror=True), LAMP)
    assert mask[50, 80] == 1
    assert mask[50, 20] == 0


def test_outlines_pass_where_they_are_told():
    assert (0.1, 0.2) in curve("0.1,0.2 0.9,0.2 0.5,0.8")
    assert mirrored(((0.2, 0.3),)) == ((0.8, 0.3),)
    corners = slab(0, 0, 1, 2, 0.1)
    assert max(y for _, y in corners) == pytest.approx(2)
    limb = tube(((0, 0), (0, 1)), (0.1, 0.1))
    assert max(abs(x) for x, _ in limb) < 0.2

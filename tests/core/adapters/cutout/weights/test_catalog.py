import re

import pytest

from core.adapters.cutout.models import KNOWN
from core.adapters.cutout.weights.catalog import RELEASES


@pytest.mark.parametrize("word", ["bria", "sam", "cloth", "custom", "withoutbg", "atlascloud"])
def test_what_may_not_be_used_or_sends_the_image_away_is_not_on_the_list(word):
    assert not [release for release in RELEASES if word in (release.name + release.file).lower()]


def test_it_is_what_an_engine_knows_how_to_run():
    assert [release.name for release in RELEASES] == list(KNOWN)


def test_every_model_is_pinned():
    for release in RELEASES:
        assert re.fullmatch(r"sha256:[0-9a-f]{64}", release.checksum)
        assert release.bytes > 4_000_000
        assert re.fullmatch(r"[A-Za-z0-9_.-]+\.onnx", release.file)
        assert release.licence


def test_no_two_share_a_name_a_file_or_a_sum():
    for field in ("name", "file", "sha256"):
        assert len({getattr(release, field) for release in RELEASES}) == len(RELEASES)

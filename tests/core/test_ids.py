import re

import pytest

from core.ids import ModelId, new_id, provider_of


def test_an_id_is_96_bits_in_20_letters_and_digits_that_every_shell_and_url_takes():
    ids = [new_id() for _ in range(1000)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z2-7]{20}", one) for one in ids)


@pytest.mark.parametrize(
    ("model", "provider"),
    [
        ("openai/gpt-image-2", "openai"),
        ("fal_ai/fal-ai/flux/dev", "fal_ai"),
        ("nameless", "nameless"),
    ],
)
def test_a_models_provider_is_what_stands_before_its_first_slash(model, provider):
    assert provider_of(ModelId(model)) == provider

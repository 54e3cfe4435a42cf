from core.ids import ProviderId
from core.models.key import Key


def test_a_key_never_shows_its_secret():
    key = Key(provider=ProviderId("openai"), secret="sk-very-secret")  # noqa: S106 - of nobody
    assert "very-secret" not in f"{key} {key!r}"

from itertools import combinations

import pytest

from bot.words import speech_for
from bot.words.failures import say_failure
from core.ids import ProviderId
from core.models.failure import Failure, FailureKind

OPENAI = ProviderId("openai")
LANGUAGES = {"en": ".", "zh": "。"}  # with what ends a sentence


def every_failure() -> list[Failure]:
    waiting = Failure(kind=FailureKind.RATE_LIMITED, retry_after=20)
    return [*(Failure(kind=kind) for kind in FailureKind), waiting]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_failure_has_a_sentence_of_its_own(language):
    _ = speech_for([language])
    said = {failure: say_failure(_, failure, OPENAI) for failure in every_failure()}
    assert all(said.values())
    assert [(a, b) for a, b in combinations(said, 2) if said[a] == said[b]] == []


@pytest.mark.parametrize("failure", every_failure(), ids=lambda failure: failure.kind)
def test_a_failure_is_not_said_in_english_to_a_chinese_reader(failure):
    chinese, english = (say_failure(speech_for([name]), failure, OPENAI) for name in ("zh", "en"))
    assert chinese != english
    assert english.isascii()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", set(FailureKind) - {FailureKind.CANCELLED})
def test_a_failure_says_what_happened_and_then_what_to_do(language, kind):
    said = say_failure(speech_for([language]), Failure(kind=kind), OPENAI)
    assert said.count(LANGUAGES[language]) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wait_is_named_when_the_provider_named_it_and_never_guessed(language):
    _ = speech_for([language])
    named = say_failure(_, Failure(kind=FailureKind.RATE_LIMITED, retry_after=41.7), OPENAI)
    unnamed = say_failure(_, Failure(kind=FailureKind.RATE_LIMITED), OPENAI)
    assert "42" in named
    assert not any(char.isdigit() for char in unnamed)

import pytest

from bot.words import speech_for
from bot.words.starting import FrontEndFailed, Problem, say_front_end_failed


@pytest.mark.parametrize("problem", ["token", "unreachable", "refused", "ended"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_problem_of_a_front_end_is_a_sentence(problem: Problem, language: str):
    failed = FrontEndFailed("Discord", problem, 403)
    said = say_front_end_failed(speech_for([language]), failed)
    assert said.startswith("Discord")
    assert said.endswith((".", "。"))
    assert ("403" in said) == (problem in ("refused", "ended"))


def test_one_that_ran_did_not_fail_to_start():
    failed = FrontEndFailed("Discord", "token", started=True)
    assert say_front_end_failed(speech_for(["en"]), failed).startswith("Discord stopped: its")

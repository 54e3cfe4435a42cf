import pytest

from core.ids import AttemptId, ModelId
from core.models.attempt import Attempt, AttemptState
from core.models.order import Order

MODEL = ModelId("fake/one")


@pytest.mark.parametrize(
    ("ordered", "replied", "ignored", "honoured"),
    [
        (7, 7, (), True),
        (7, 8, (), False),
        (7, None, (), None),
        (0, 0, (), True),
        (None, None, ("seed",), False),
        (None, 99, ("seed",), False),
        (None, None, (), None),
        (None, 99, ("ratio",), None),
    ],
)
def test_a_seed_is_honoured_only_where_the_reply_shows_it(ordered, replied, ignored, honoured):
    order = Order(model=MODEL, prompt="a fox", seed=ordered, ignored=ignored)
    assert _attempt(order, replied).seed_honoured is honoured


def test_of_an_attempt_that_was_never_sent_nothing_is_known_of_its_seed():
    assert _attempt(None, None).seed_honoured is None


def test_an_attempt_is_over_in_every_state_but_queued_and_running():
    open_ = {state for state in AttemptState if not state.final}
    assert open_ == {AttemptState.QUEUED, AttemptState.RUNNING}


def _attempt(order: Order | None, seed: int | None) -> Attempt:
    return Attempt(
        id=AttemptId("a"),
        model=MODEL,
        number=1,
        round=1,
        state=AttemptState.DONE,
        order=order,
        seed=seed,
    )

from bot.actions import Action
from bot.words.labels import LABELS, label_of, say_retry


def test_every_label_is_of_an_action_and_only_inner_ones_have_none():
    assert set(LABELS) <= set(Action)
    assert set(Action) - set(LABELS) <= {Action.PANEL, Action.GRID}


def test_a_number_stands_beside_the_english_word():
    assert label_of(Action.CUTOUT) == "Cut out"
    assert label_of(Action.CUTOUT, "2") == "Cut out 2"
    assert say_retry(3) == "Retry failed (3)"

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.models.request import SEED_LIMIT, Quality
from core.params.values import MOST_STEPS, read_count, read_quality, read_seed, read_steps


@pytest.mark.parametrize(
    ("text", "quality"),
    [
        ("low", Quality.LOW),
        ("Medium", Quality.MEDIUM),
        ("HIGH", Quality.HIGH),
        (".25", Quality.LOW),
        ("0.5", Quality.LOW),
        ("1", Quality.MEDIUM),
        ("1.0", Quality.MEDIUM),
        ("2", Quality.HIGH),
        ("4", Quality.HIGH),
    ],
)
def test_quality_is_a_word_or_midjourneys_number(text, quality):
    assert read_quality(text) is quality


@pytest.mark.parametrize("text", ["", "best", "0", "-1", "5", "nan", "inf", "1e999", "高"])
def test_what_is_no_quality_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        read_quality(text)


@pytest.mark.parametrize(
    ("read", "least", "most"),
    [(read_seed, 0, SEED_LIMIT), (read_steps, 1, MOST_STEPS), (read_count, 1, 999)],
)
def test_a_whole_number_is_read_up_to_both_ends_and_not_beyond(read, least, most):
    assert (read(str(least)), read(f" {most} ")) == (least, most)
    for outside in (least - 1, most + 1):
        with pytest.raises(ValueError, match=str(outside)):
            read(str(outside))


@given(st.text())
@pytest.mark.parametrize("read", [read_quality, read_seed, read_steps, read_count])
def test_any_text_is_a_value_or_a_value_error(read, text):
    try:
        value = read(text)
    except ValueError:
        return
    assert value in (*Quality, *range(1000)) or 0 <= value <= SEED_LIMIT


@pytest.mark.parametrize("text", ["", "7.0", "0x10", "seven", "1 2", "9" * 5000])
def test_what_is_no_whole_number_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        read_seed(text)

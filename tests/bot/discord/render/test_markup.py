import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.render.markup import block, code, cut, plain, size
from tests.bot.discord.render.looking import outside_code


@given(st.text())
def test_a_code_span_is_one_line_that_nothing_leaves(text):
    span = code(text)
    assert span == "" or (span[0] == span[-1] == "`" and span.count("`") == 2)
    assert len(span.splitlines()) <= 1
    assert size(span) <= 302


@given(st.text())
def test_a_code_block_cannot_be_closed_from_inside(text):
    assert block(text).count("`") == 6
    assert size(block(text)) <= 1008


@given(st.text())
def test_a_plain_sentence_has_no_markup(text):
    read = outside_code(plain(text))
    assert not any(sign in read for sign in "*_~|`<>[]#")
    assert "://" not in read


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_what_is_cut_is_never_longer_and_ends_visibly(text, most):
    short = cut(text, most)
    assert size(short) <= most
    assert short == text or short.endswith("…")


@pytest.mark.parametrize("text", ["", " \n ", "\u200b", "\u202e"])
def test_nothing_is_no_code_span(text):
    assert code(text) == ""


def test_no_name_in_a_plain_sentence_pings():
    assert "@everyone" not in plain("@everyone")

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.params import last_of, read_list, set_name


@pytest.mark.parametrize(
    "text",
    ["a/b,c/d", "a/b c/d", "a/b，c/d", "a/b、c/d", "a/b\nc/d", " a/b ,, c/d, ", "a/b c/d a/b"],
)
def test_names_are_apart_by_whatever_people_put_between_them_and_each_counts_once(text):
    assert read_list(text) == ("a/b", "c/d")


@pytest.mark.parametrize("text", ["", "  ", ",，、\n"])
def test_nothing_between_the_commas_is_no_name(text):
    assert read_list(text) == ()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ("", "")),
        ("de", ("", "de")),
        ("a/b, de", ("a/b, ", "de")),
        ("a/b，", ("a/b，", "")),
        ("@photo ", ("@photo ", "")),
    ],
)
def test_the_name_that_is_being_typed_is_the_last(text, parts):
    assert last_of(text) == parts


@given(st.text(alphabet="ab/@,，、 \n"))
def test_what_stands_before_the_last_name_is_kept_sign_for_sign(text):
    before, name = last_of(text)
    assert before + name == text
    assert len(read_list(name)) <= 1


@pytest.mark.parametrize(
    ("text", "name"),
    [("@photo", "photo"), ("＠照片", "照片"), ("@", ""), ("a@b", None), ("", None)],
)
def test_a_set_is_told_by_its_sign_of_either_keyboard(text, name):
    assert set_name(text) == name

import pytest

from core.texts import find_blocked


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a gun on a table", "gun"),
        ("A GUN!", "gun"),
        ("gun", "Gun"),
        ("ｇｕｎ", "gun"),
        ("a g\u200bun", "gun"),
        ("big_gun_small", "gun"),
        ("画gun画", "gun"),
        ("STRASSE", "straße"),
        ("a smoking \n gun here", "smoking gun"),
        ("a c++ book", "c++"),
        ("一张血腥的图", "血腥"),
        ("血腥", "血腥"),
        ("残酷な絵", "残酷"),
        ("총을 든 사람", "총"),
        ("ปืนใหญ่", "ปืน"),
    ],
)
def test_a_word_is_found_however_it_is_written(text, word):
    assert find_blocked(text, ["other", word]) == word


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a gunner", "gun"),
        ("begun", "gun"),
        ("gun5", "gun"),
        ("smoking a gun", "smoking gun"),
        ("", "gun"),
        ("anything", ""),
        ("any thing", "  "),
        ("a.b", "a+b"),
        ("血 腥", "血腥"),
    ],
)
def test_a_part_of_another_word_is_none(text, word):
    assert find_blocked(text, [word]) is None


def test_the_first_of_the_list_is_named():
    assert find_blocked("two one", ["one", "two"]) == "one"
    assert find_blocked("anything", []) is None

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.imaging.names import safe_name, unique_names


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("fox.png", "fox.png"),
        ("雪中的狐狸.webp", "雪中的狐狸.webp"),
        ("👩‍👩‍👧 family.png", "👩‍👩‍👧 family.png"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ("a\\b/c:d*e?.png", "a-b-c-d-e-.png"),
        ("two\nlines\tand\rmore.png", "two lines and more.png"),
        ("bell\a\x1b[31m.png", "bell[31m.png"),
        ("\u202egnp.exe", "gnp.exe"),
        (" spaced . . ", "spaced"),
        (".hidden.png", "hidden.png"),
        ("con.png", "_con.png"),
        ("LPT1.tar.gz", "_LPT1.tar.gz"),
        ("console.png", "console.png"),
        ("", "picture"),
        ("..", "picture"),
        (".png", "picture.png"),
        ("e\u0301.png", "é.png"),
        ("a" * 400 + ".jpeg", "a" * 150 + ".jpeg"),
        ("雪" * 400, "雪" * 50),
    ],
)
def test_a_name_becomes_one_that_every_platform_takes(name, safe):
    assert safe_name(name) == safe


@given(st.text(max_size=200))
def test_any_name_becomes_one_that_can_be_a_file(tmp_path_factory, name):
    safe = safe_name(name)
    path = tmp_path_factory.getbasetemp() / safe
    path.write_bytes(b"")
    assert path.parent == tmp_path_factory.getbasetemp()
    assert path.name in [found.name for found in path.parent.iterdir()]
    path.unlink()
    assert safe_name(safe) == safe


def test_names_that_one_platform_would_take_for_the_same_get_a_number():
    names = ["Fox.png", "fox.png", "fox-2.png", "a/b", "a-b", "ß", "SS"]
    assert unique_names(names) == [
        "Fox.png",
        "fox-2.png",
        "fox-2-2.png",
        "a-b",
        "a-b-2",
        "ß",
        "SS-2",
    ]


@given(st.lists(st.text("aAbB.-2ß/", max_size=4), max_size=12))
def test_all_names_of_a_folder_differ(names):
    found = unique_names(names)
    assert len(found) == len(names)
    assert len({name.casefold() for name in found}) == len(found)

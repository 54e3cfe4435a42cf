import pytest

from core.imaging.demo import words


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("a red fox in the snow", "雪中的红色狐狸"),
        ("moon over the sea at night", "夜晚海上的月亮"),
        ("foggy forest, mountains", "雾中的森林与山"),
        ("city in the rain at sunset", "日落时雨中的城市"),
        ("blue desert", "蓝色沙漠"),
    ],
)
def test_a_chinese_prompt_reads_like_the_english_one(english, chinese):
    assert words.read(english) == words.read(chinese)


def test_plurals_are_understood_and_parts_of_words_are_not():
    assert words.read("Mountains and foxes").figure == "fox"
    assert words.read("MOUNTAINS").has("mountain")
    assert not words.read("the crown of a catalogue, seasoned").features
    assert words.read("catalogue").figure is None


def test_a_negative_prompt_removes_and_forbids():
    scene = words.read("a fox in the snow at night", "snow, foxes")
    assert scene.features == frozenset({"night"})
    assert scene.figure is None
    assert not scene.allows("snow")


def test_a_colour_before_the_figure_belongs_to_the_figure():
    scene = words.read("a black cat on purple hills")
    assert (scene.figure, scene.figure_colour, scene.colours) == ("cat", "black", ("purple",))
    assert words.read("blue hills with a fox").colours == ("blue",)


@pytest.mark.parametrize("prompt", ["", "\0", "\ud800 lone", "雪" * 32_000, "a " * 16_000, "🦊"])
def test_any_text_can_be_read(prompt):
    assert words.read(prompt, prompt) is not None

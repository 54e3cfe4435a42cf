import time

import pytest
from PIL import Image, ImageFont

from core.imaging.text import Style, draw, fit, fonts, graphemes, lines, measure

STYLE = Style(size=24)


def drawn(text: str, *, width: int = 600, max_lines: int = 3, style: Style = STYLE) -> Image.Image:
    page = Image.new("RGB", (width + 40, 200), "white")
    draw(page, fit(text, style, width=width, max_lines=max_lines), (20, 20), fill=(0, 0, 0))
    return page.convert("L")


def words(text: str, *, width: int = 300, max_lines: int = 3) -> tuple[str, ...]:
    return fit(text, STYLE, width=width, max_lines=max_lines).lines


def faces(text: str) -> list[str]:
    return [fonts.dressed(cluster)[0] for cluster in graphemes(text)]


@pytest.fixture
def no_shaper(monkeypatch):
    """As on a machine without FriBiDi."""
    monkeypatch.setattr(fonts, "shapes", lambda: False)
    monkeypatch.setattr(lines, "shapes", lambda: False)
    load = fonts._load
    monkeypatch.setattr(
        fonts, "_load", lambda face, size, _layout=None: load(face, size, ImageFont.Layout.BASIC)
    )
    caches = (fonts.font, fonts.dressed, lines.measure)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


@pytest.mark.parametrize("char", "雪あ가éЖλאعกकაԱ🦊⚡✓★→①≈")
def test_a_character_of_many_scripts_has_a_glyph_of_its_own(char):
    face, text = fonts.dressed(char)
    assert text == char
    assert fonts._glyph(face, char) != fonts._glyph(face, "\U0010fffd")
    assert drawn(char) != drawn("\ufffd")


@pytest.mark.parametrize("emoji", ["👨‍👩‍👧", "👋🏽", "🇯🇵", "1️⃣", "🏳️‍🌈", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"])
def test_an_emoji_sequence_is_one_grapheme_in_the_emoji_font(emoji):
    assert graphemes(emoji) == [emoji]
    assert fonts.dressed(emoji) == ("NotoEmoji", emoji)
    if fonts.shapes():
        assert measure(emoji, STYLE) == measure("🦊", STYLE)


def test_letters_no_font_has_are_shown_as_their_plain_form_or_as_one_sign():
    assert fonts.dressed("𝓗")[1] == "H"
    assert words("see བོད་ཡིག here") == ("see \ufffd here",)


def test_chinese_quotes_come_from_the_chinese_font_and_english_ones_do_not():
    assert [run.face for run in lines._runs("“雪”", 0)] == ["NotoSansCJK"]
    assert [run.face for run in lines._runs("“snow”", 0)] == ["NotoSans"]


def test_a_latin_word_inside_chinese_keeps_the_latin_font():
    assert faces("雪A") == ["NotoSansCJK", "NotoSans"]


def test_every_line_keeps_to_the_width():
    text = "A red fox 站在雪地里 with stable-diffusion-3.5-large-turbo and " + "w" * 80
    block = fit(text, STYLE, width=200, max_lines=9)
    assert len(block.lines) > 4
    assert all(measure(line, STYLE) <= 201 for line in block.lines)


def test_no_text_is_lost_when_it_fits():
    text = "A red fox 站在雪地里，身后是极光。 replicate/stability-ai/x"
    assert "".join(words(text, max_lines=9)).replace(" ", "") == text.replace(" ", "")


def test_a_chinese_line_never_starts_with_closing_punctuation_nor_ends_with_an_opening_one():
    text = "雪地，极光。松林、「月亮」（海边）“风”！" * 4
    for width in range(100, 400, 12):
        for line in words(text, width=width, max_lines=50):
            assert line[0] not in "，。、」）”！"
            assert line[-1] not in "「（“"


def test_a_model_name_breaks_at_its_joints():
    name = "replicate/stability-ai/stable-diffusion-3.5-large-turbo"
    got = words(name, width=420)
    assert "".join(got) == name
    assert all(line[-1] in "/-" for line in got[:-1])


def test_korean_breaks_at_spaces():
    assert words("안녕하세요 여러분 반갑습니다", width=180)[0] in (
        "안녕하세요",
        "안녕하세요 여러분",
    )


def test_a_lonely_last_word_gets_company():
    width = int(measure("one two three four five six seven", STYLE)) + 5
    last = words("one two three four five six seven eight", width=width)[-1]
    assert last != "eight"


def test_what_does_not_fit_ends_in_an_ellipsis_within_the_width():
    got = words("one two three four " * 50, max_lines=2)
    assert len(got) == 2
    assert got[-1].endswith("…")
    assert measure(got[-1], STYLE) <= 300


def test_a_cut_never_splits_a_grapheme():
    for width in range(30, 200, 7):
        (line,) = words("👨‍👩‍👧👋🏽🇯🇵" * 40, width=width, max_lines=1)
        assert set(graphemes(line)) <= {"👨‍👩‍👧", "👋🏽", "🇯🇵", "…"}


def test_a_huge_text_is_cut_before_it_is_measured():
    fit("warm up 雪", STYLE, width=300, max_lines=4)
    start = time.perf_counter()
    block = fit("雪地 and aurora " * 100_000, STYLE, width=1500, max_lines=4)
    assert time.perf_counter() - start < 1
    assert len(block.lines) == 4


def test_newlines_and_controls_become_spaces_or_nothing():
    assert words("a\n\nb\tc\x00d\x07") == ("a b cd",)
    assert words("abc\u202edef\u2066\u200bx\ufeff") == ("abcdefx",)
    assert words(" \n\u3000\u200b ") == ()


def test_stacked_marks_stay_a_small_heap():
    (line,) = words("e" + "\u0317" * 500 + "x")
    assert len(line) <= 5


@pytest.mark.parametrize(
    "text",
    [
        "\u0301\u0301",
        "\u200d" * 50,
        "👨" + "\u200d👨" * 200,
        "\ud800 lone",
        "\ufe0f\ufe0f",
        "🇦" * 51,
        "🏽🏽🏽",
        "\U0010ffff\ufffe",
        "क्" * 300,
        "\u0e33",
        "a" + "\U000e0041" * 200,
        "(" * 400,
        "ー" * 400,
        "\u1160\u11a8" * 30,
        "ﷺ" * 40,
    ],
)
def test_hostile_text_is_drawn_without_an_error(text):
    drawn(text, width=120)


def test_right_to_left_words_stand_at_the_right_and_in_their_order():
    runs = lines._runs("שלום Photoshop 123", 1)
    assert runs[-1].text.strip().startswith("ש")
    box = drawn("שלום").point(lambda v: 255 - v).getbbox()
    assert box is not None
    assert box[0] > 400


def test_numbers_inside_hebrew_read_from_left_to_right():
    shown = [run.text for run in lines._runs("אב 12 גד", 1)]
    assert [text for text in shown if text.strip()] == ["גד", "12", "אב"]


@pytest.mark.usefixtures("no_shaper")
def test_without_a_shaper_joined_emoji_show_their_first_sign_and_no_box():
    assert fonts.dressed("👨‍👩‍👧") == ("NotoEmoji", "👨")
    assert fonts.dressed("❤️") == ("NotoEmoji", "❤")
    assert drawn("👨‍👩‍👧") == drawn("👨")
    assert fonts.dressed("🇯🇵") == ("NotoEmoji", "🇯🇵")
    assert lines._in_reading_order(lines._runs("אב", 1)[0]) == "בא"


def test_a_heavier_weight_leaves_more_ink_also_in_chinese():
    def ink(text: str, weight: int) -> int:
        return sum(
            drawn(text, style=Style(size=24, weight=weight))
            .point(lambda v: 255 - v)
            .histogram()[128:]
        )

    assert ink("Snow", 700) > ink("Snow", 400)
    assert ink("雪地", 700) > ink("雪地", 400)


def test_centred_text_has_even_sides():
    page = Image.new("L", (400, 60))
    rgb = Image.new("RGB", (400, 60))
    draw(
        rgb,
        fit("HIH", STYLE, width=400, max_lines=1),
        (0, 0),
        fill=(255, 255, 255),
        align="centre",
    )
    page.paste(rgb.convert("L"))
    box = page.getbbox()
    assert box is not None
    assert abs(box[0] - (400 - box[2])) <= 3

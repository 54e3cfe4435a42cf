import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.models.request import PROMPT_LIMIT, Parameters, Quality, Ratio, Size
from core.params import read_prompt

WIDE = Ratio(width=16, height=9)
PIECES = (
    *("a fox", "雪", "\n", " ", "\u3000", "\t", "=", "7", "16:9", "high", "x", "-", "--", "—"),
    *("--ar", "--ar=16:9", "—seed", "–q", "--no", "--no text", "--steps 20", "--style raw"),
    *("--size 1024x768", "--count 3", "--seed 7", "--seed x", "--ar\n16:9", "\r\n", "\u2028"),
)
prompts = st.text() | st.lists(st.sampled_from(PIECES)).map(" ".join)
tight_prompts = st.lists(st.sampled_from(PIECES)).map("".join)


def test_every_flag_of_midjourney_is_taken_out_of_the_prompt():
    written = read_prompt(
        "a fox in the snow --ar 16:9 --seed 7 --no text, people --q .5 --steps 30 --count 2"
    )
    assert written.prompt == "a fox in the snow"
    assert written.unknown == ()
    assert written.parameters == Parameters(
        ratio=WIDE, seed=7, negative="text, people", quality=Quality.LOW, steps=30, count=2
    )


@pytest.mark.parametrize(
    ("word", "quality"), [(".5", "low"), ("1", "medium"), ("2", "high"), ("HIGH", "high")]
)
@pytest.mark.parametrize("flag", ["--q", "--quality", "--Q"])
def test_quality_is_read_as_midjourneys_number_or_as_a_word(flag, word, quality):
    assert read_prompt(f"a fox {flag} {word}").parameters.quality == quality


@pytest.mark.parametrize("dash", ["--", "—", "–"])
@pytest.mark.parametrize("gap", [" ", "=", "  ", " = ", "\t", "\u3000", "\u00a0"])
def test_a_flag_is_known_by_two_hyphens_or_the_dash_that_phones_make_of_them(dash, gap):
    written = read_prompt(f"a fox {dash}ar{gap}16:9")
    assert (written.prompt, written.parameters.ratio) == ("a fox", WIDE)


@pytest.mark.parametrize(
    ("text", "prompt"),
    [
        ("--ar 16:9 a fox in the snow", "a fox in the snow"),
        ("a fox --ar 16:9 in the snow", "a fox in the snow"),
        ("a fox in the snow --ar 16:9", "a fox in the snow"),
        ("  a fox   --ar   16:9   in the snow  ", "a fox in the snow"),
        ("a  fox --ar 16:9 in  the snow", "a  fox in  the snow"),
        ("雪中的狐狸 --ar 16:9 水彩", "雪中的狐狸 水彩"),
        ("--ar 16:9", ""),
    ],
)
def test_a_flag_leaves_one_space_where_it_stood_and_nothing_else_changes(text, prompt):
    written = read_prompt(text)
    assert (written.prompt, written.parameters.ratio) == (prompt, WIDE)


@pytest.mark.parametrize(
    ("text", "prompt"),
    [
        ("a fox\n\n  in the snow --ar 16:9\nat dusk", "a fox\n\n  in the snow\nat dusk"),
        ("a fox\n--ar 16:9 in the snow", "a fox\nin the snow"),
        ("a fox\n--ar 16:9\nin the snow", "a fox\n\nin the snow"),
        ("--ar 16:9\na fox\r\nat dusk", "a fox\nat dusk"),
    ],
)
def test_the_lines_of_a_prompt_stay_lines(text, prompt):
    written = read_prompt(text)
    assert (written.prompt, written.parameters.ratio) == (prompt, WIDE)


@pytest.mark.parametrize(
    ("text", "negative", "prompt"),
    [
        ("a fox --no text, people", "text, people", "a fox"),
        ("a fox --no 文字，人物 --ar 16:9 雪", "文字，人物", "a fox 雪"),
        ("--no text\na fox", "text", "a fox"),
        ("a fox --no text --style raw", "text", "a fox --style raw"),
        ("a fox --negative=low-poly hands", "low-poly hands", "a fox"),
    ],
)
def test_unwanted_things_go_on_to_the_next_flag_or_the_end_of_the_line(text, negative, prompt):
    written = read_prompt(text)
    assert (written.parameters.negative, written.prompt) == (negative, prompt)


@pytest.mark.parametrize("flag", ["--style", "--v", "—weird", "--s", "--no-text"])
def test_an_unknown_flag_stays_and_is_mentioned_once(flag):
    text = f"a fox {flag} 5 in the snow {flag}"
    written = read_prompt(text)
    assert (written.prompt, written.unknown) == (text, (flag,))


@pytest.mark.parametrize(
    ("flag", "value"),
    [
        ("--ar", "wide"),
        ("--ar", "100:1"),
        ("--ar", "0:1"),
        ("--size", "16:9"),
        ("--size", "9x9"),
        ("--seed", "-1"),
        ("--seed", "4294967296"),
        ("--seed", "9" * 5000),
        ("--steps", "0"),
        ("--steps", "1.5"),
        ("--count", "0"),
        ("--q", "best"),
        ("--q", "0"),
        ("--q", "nan"),
        ("--q", "1e999"),
    ],
)
@pytest.mark.parametrize("gap", [" ", "="])
def test_a_known_flag_with_an_unreadable_value_stays_and_is_mentioned(flag, gap, value):
    text = f"a fox {flag}{gap}{value} in the snow"
    written = read_prompt(text)
    assert (written.prompt, written.unknown) == (text, (flag,))
    assert written.parameters == Parameters()


@pytest.mark.parametrize("text", ["a fox --no", "a fox --ar", "a fox --seed=", "--q\na fox"])
def test_a_flag_without_a_value_stays_and_is_mentioned(text):
    written = read_prompt(text)
    assert written.prompt == text
    assert len(written.unknown) == 1


@pytest.mark.parametrize(
    "text",
    [
        "a state-of-the-art self-portrait, black-and-white",
        "a fox-- seed 7",
        "a fox - seed 7, ar - 16:9",
        "the years 1990–2000, the fox — old by then — slept",
        "price--ar 16:9 inside a word",
        "a -- b --- c",
        "--7 --雪",
    ],
)
def test_hyphens_and_dashes_that_are_no_flags_are_left_alone(text):
    written = read_prompt(text)
    assert (written.prompt, written.parameters, written.unknown) == (text, Parameters(), ())


def test_of_a_repeated_flag_the_last_readable_one_counts():
    written = read_prompt("a fox --seed 1 --ar 1:1 --seed 2 --aspect 16:9 --seed x")
    assert written.parameters == Parameters(seed=2, ratio=WIDE)
    assert (written.prompt, written.unknown) == ("a fox --seed x", ("--seed",))


def test_an_option_wins_over_its_flag_and_the_flag_is_taken_out_all_the_same():
    options = Parameters(seed=9, negative="hounds")
    written = read_prompt("a fox --seed 7 --no text --steps 20 --count 3", options)
    assert written.prompt == "a fox"
    assert written.parameters == Parameters(seed=9, negative="hounds", steps=20, count=3)


@pytest.mark.parametrize(
    ("text", "options", "shape"),
    [
        ("--size 640x480 --ar 16:9", Parameters(), "640x480"),
        ("--ar 16:9 --size 640x480", Parameters(), "640x480"),
        ("--size 640x480", Parameters(ratio=WIDE), "16:9"),
        ("--ar 1:1", Parameters(size=Size(width=640, height=480)), "640x480"),
    ],
)
def test_of_size_and_ratio_the_option_wins_and_among_flags_the_size(text, options, shape):
    asked = read_prompt(f"a fox {text}", options).parameters
    assert [str(one) for one in (asked.size, asked.ratio) if one] == [shape]


@given(st.text(st.characters(exclude_characters="-—–")))
def test_a_prompt_without_dashes_comes_through_apart_from_outer_and_trailing_space(text):
    written = read_prompt(text)
    assert written.prompt.split("\n") == [line.rstrip() for line in text.strip().split("\n")]
    assert (written.parameters, written.unknown) == (Parameters(), ())


@given(prompts | tight_prompts)
def test_what_was_read_whole_reads_as_itself(text):
    once = read_prompt(text)
    assume(not once.unknown)  # a flag that stayed may find a value where another was taken out
    again = read_prompt(once.prompt)
    assert again.prompt == once.prompt
    assert again.parameters == Parameters()


@given(prompts | tight_prompts)
def test_any_text_is_read_and_every_flag_that_stayed_still_stands_in_it(text):
    written = read_prompt(text)
    assert all(flag in written.prompt for flag in written.unknown)


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "hostile",
    [
        *("-", "--", "—", "-- ", "--a", "--a-", "--no ", "--no\n", "--no a ", "--seed ", "--ar="),
        *("--ar 1:1 ", "--ar 1:1\n", "--seed --ar 1:1 ", "= ", "--q \t=", " ", "\n", "--no a\nb"),
    ],
)
def test_32000_hostile_characters_are_read_at_once(hostile):
    text = (hostile * PROMPT_LIMIT)[:PROMPT_LIMIT]
    for prompt in (text, f"--ar{text}", f"a --no {text} --seed x", f"--seed {'9' * 20000}{text}"):
        assert len(read_prompt(prompt).prompt) <= len(prompt)

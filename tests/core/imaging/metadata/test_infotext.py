import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.imaging.metadata import Made, describe, parse
from core.imaging.metadata.infotext import TEXT_LIMIT
from core.models.request import Size

A1111 = """\
girl with a beret, (detailed:1.2), Steps: on a hill
second line
Negative prompt: ugly, (bad:1.3), text
"blurry"
Steps: 20, Sampler: DPM++ 2M Karras, CFG scale: 7.5, Seed: 965400086, Size: 512x768, \
Model hash: 45dee52b, Model: v1-5-pruned, Lora hashes: "one: 12ab, two: 34cd", Version: v1.10.1"""

# The field's own rules for the line of settings, and for what is quoted in it.
SETTINGS = re.compile(r'\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')

words = st.text(max_size=80).map(
    lambda text: re.sub(r"\r\n?", "\n", text.replace("Negative prompt:", "")).strip()
)
plain = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


def test_what_a1111_writes_is_read():
    made = parse(A1111)
    assert made.prompt == "girl with a beret, (detailed:1.2), Steps: on a hill\nsecond line"
    assert made.negative == 'ugly, (bad:1.3), text\n"blurry"'
    assert (made.steps, made.sampler, made.cfg) == (20, "DPM++ 2M Karras", 7.5)
    assert (made.seed, made.size, made.model) == (
        965400086,
        Size(width=512, height=768),
        "v1-5-pruned",
    )
    assert made.others == (
        ("Model hash", "45dee52b"),
        ("Lora hashes", "one: 12ab, two: 34cd"),
        ("Version", "v1.10.1"),
    )
    assert made.text == A1111


def test_what_we_write_is_what_a1111_writes():
    made = parse(A1111)
    order = re.findall(r"(\w[\w ]+): ", describe(made).rpartition("\n")[2])
    assert order[:6] == ["Steps", "Sampler", "CFG scale", "Seed", "Size", "Model"]
    assert parse(describe(made)) == Made(
        prompt=made.prompt,
        negative=made.negative,
        steps=20,
        sampler="DPM++ 2M Karras",
        cfg=7.5,
        seed=965400086,
        size=made.size,
        model=made.model,
        others=made.others,
        text=describe(made),
    )


def test_what_is_not_known_is_not_written():
    text = describe(Made(prompt="a fox", model="demo/landscape", size=Size(width=8, height=6)))
    assert text == "a fox\nSize: 8x6, Model: demo/landscape, Version: OmniImage"


@given(prompt=words, negative=words, model=plain, seed=st.integers(0, 2**64), note=plain)
def test_whatever_was_asked_is_read_back(prompt, negative, model, seed, note):
    made = Made(
        prompt=prompt,
        negative=negative,
        steps=4,
        seed=seed,
        size=Size(width=1024, height=768),
        model=model or None,
        others=(("Note", note), ("Version", "OmniImage 1")) if note else (("Version", "1"),),
    )
    text = describe(made)
    assert parse(text) == Made(
        prompt=prompt.strip(),
        negative=negative.strip(),
        steps=4,
        seed=seed,
        size=made.size,
        model=made.model,
        others=made.others,
        text=text.strip(),
    )


@given(model=plain, note=plain)
def test_every_other_reader_of_the_field_finds_the_settings_in_the_last_line(model, note):
    made = Made(prompt="fox", seed=7, size=Size(width=8, height=8), model=model)
    text = describe(
        Made(prompt="fox", seed=7, size=made.size, model=model, others=(("Note", note),))
    )
    found = dict(SETTINGS.findall(text.split("\n")[-1]))
    assert len(text.split("\n")) == 2
    assert (found["Seed"], found["Size"], found["Version"]) == ("7", "8x8", "OmniImage")
    assert set(found) <= {"Seed", "Size", "Model", "Note", "Version"}


@pytest.mark.parametrize(
    "text",
    ["", "a fox", "a fox\nSteps: 3, easy: yes", "Steps: 1", "雪中的狐狸\n🦊", ":,:,:", '"' * 99],
)
def test_a_text_without_settings_is_a_prompt(text):
    made = parse(text)
    assert made == Made(prompt=text, text=text)


def test_values_that_are_not_what_they_should_be_are_kept_as_they_stand():
    made = parse("a fox\nSteps: many, CFG scale: nan, Seed: 1e9, Size: large, Model: x")
    assert (made.steps, made.cfg, made.seed, made.size, made.model) == (
        None,
        None,
        None,
        None,
        "x",
    )
    assert dict(made.others) == {
        "Steps": "many",
        "CFG scale": "nan",
        "Seed": "1e9",
        "Size": "large",
    }


@given(st.text(st.sampled_from('ab1 ,:"\\n{}\n\r\ud83dStepsSeed'), max_size=300))
def test_any_text_is_read(text):
    made = parse(text)
    assert len(made.prompt) + len(made.negative) <= len(text)


@pytest.mark.parametrize("piece", ["a", "a: ", 'a1: "', "a,", "\\", "\n", " ", "[", 'aa: "\\u'])
def test_a_hostile_text_is_read_in_one_pass(piece):
    """The field's regular expression would take minutes to hours for some of these."""
    parse(piece * (2 * TEXT_LIMIT // len(piece)))


def test_a_quoted_value_may_hold_what_no_terminal_can_show():
    made = parse(r"x" + "\n" + r'Steps: 1, Seed: 2, Note: "\ud83d, \u001b"')
    assert dict(made.others)["Note"] == "?, \x1b"


@pytest.mark.parametrize("name", ["", "a", "a:b", "a,b", "a\nb", " ab", "ab ", "n" * 200])
def test_a_setting_is_not_written_under_a_name_that_would_not_be_found_again(name):
    with pytest.raises(ValueError, match=re.escape(name) or None):
        describe(Made(others=((name, "x"),)))

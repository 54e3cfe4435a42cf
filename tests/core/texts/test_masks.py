import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.models.request import PROMPT_LIMIT
from core.params import read_prompt
from core.texts import Altered, mask

NAMES = (
    "openai/gpt-image-2.6-flare",
    "demo/landscape",
    "recraft/flux-schnell",
    "bedrock/amazon.titan-v1:0",
    "fal-ai/flux/dev",
)
PIECES = (
    *("a fox", "雪", "\n", " ", "\u3000", "\t", "=", "7", "16:9", "high", "x", "-", "--", "—"),
    *("--ar", "--ar=16:9", "—seed", "–q", "--no", "--no text", "--steps 20", "--style raw"),
    *("--seed x", "--seed 7", "--ar\n16:9", "\r\n", "\u2028", "\u0085", ".", ",", "\\", "\ud800"),
    *(
        '"',
        "“",
        "”",
        "「",
        "」",
        "『",
        "』",
        "<",
        "<a>",
        ">",
        "(",
        ")",
        "(a:1.2)",
        ":1.2)",
        "[",
        "]",
    ),
    *("::2", "::", "https://a.b", "flux-1", "demo/x", "flux-schnell", "⟦1⟧", "⟦", "⟧", "１"),
)
prompts = (
    st.text(st.characters(exclude_categories=()))
    | st.lists(st.sampled_from(PIECES)).map(" ".join)
    | st.lists(st.sampled_from(PIECES)).map("".join)
)


@pytest.mark.parametrize(
    ("text", "prose", "flags"),
    [
        ("a fox --ar 16:9", "a fox", ["--ar 16:9"]),
        ("--ar 16:9 a fox --seed 7", "a fox", ["--ar 16:9", "--seed 7"]),
        ("a fox --no text, people --ar=16:9", "a fox", ["--no text, people", "--ar=16:9"]),
        ("a fox --no 文字，人物\nin the snow", "a fox\nin the snow", ["--no 文字，人物"]),
        ("a fox —ar 16:9 –seed 7", "a fox", ["—ar 16:9", "–seed 7"]),
        ("a fox --style raw --v 6 --tile", "a fox", ["--style raw", "--v 6", "--tile"]),
        ("a fox --style raw in the snow", "a fox raw in the snow", ["--style"]),
        ("a --tile red fox --v 6\nat dusk", "a red fox\nat dusk", ["--tile", "--v 6"]),
        ("a fox --style=raw in the snow", "a fox in the snow", ["--style=raw"]),
        ("a --sref https://a https://b x", "a x", ["--sref https://a https://b"]),
        ("a fox --seed x in snow", "a fox x in snow", ["--seed"]),
        ("a fox --seed x", "a fox", ["--seed x"]),
        ("a fox --seed x --tile", "a fox", ["--seed x", "--tile"]),
        ("a fox --seed\n7 hens", "a fox\n7 hens", ["--seed"]),
        ("a fox --seed =--ar 1:1", "a fox 1:1", ["--seed =--ar"]),
        ("a fox --weird", "a fox", ["--weird"]),
        ("--ar 16:9", "", ["--ar 16:9"]),
        ("the years 1990–2000 - a fox -- old", "the years 1990–2000 - a fox -- old", []),
    ],
)
def test_flags_are_cut_out_of_the_prose_and_appended_in_their_order(text, prose, flags):
    masked = mask(text, NAMES)
    assert (masked.text, masked.kept, list(masked.flags)) == (prose, (), flags)
    answer = f"rewritten {prose}".strip()
    assert masked.restored(answer) == " ".join([answer, *flags])


@pytest.mark.parametrize(
    ("text", "prose", "kept"),
    [
        ('a sign "Hello, World" in neon', "a sign ⟦1⟧ in neon", ['"Hello, World"']),
        ('写着"你好"和「再见」', "写着⟦1⟧和⟦2⟧", ['"你好"', "「再见」"]),
        ("“a” 『b』 「c『d』」", "⟦1⟧ ⟦2⟧ ⟦3⟧", ["“a”", "『b』", "「c『d』」"]),
        ('a 5" screen\nand 7" more', 'a 5" screen\nand 7" more', []),
        ("“never closed", "“never closed", []),
        ("“open “closed” here", "“open ⟦1⟧ here", ["“closed”"]),
        ("a fox <lora:fox_v2:0.8>", "a fox ⟦1⟧", ["<lora:fox_v2:0.8>"]),
        ("<b>fox</b>", "⟦1⟧fox⟦2⟧", ["<b>", "</b>"]),
        ("a < b > c", "a < b > c", []),
        ("i <3 foxes", "i <3 foxes", []),
        ("(red fur:1.2) fox", "⟦1⟧ fox", ["(red fur:1.2)"]),
        ("(a (red) [wild] fox:.8), snow", "⟦1⟧, snow", ["(a (red) [wild] fox:.8)"]),
        ("((fox:1.2)) ((hen))", "⟦1⟧ ((hen))", ["((fox:1.2))"]),
        ("((fox:1.2), hen)", "(⟦1⟧, hen)", ["(fox:1.2)"]),
        ("[fox:0.5] [fox:hen:0.5] [fox]", "⟦1⟧ ⟦2⟧ [fox]", ["[fox:0.5]", "[fox:hen:0.5]"]),
        ("( (fox:1.2)", "( ⟦1⟧", ["(fox:1.2)"]),
        ("a fox (red, quick)", "a fox (red, quick)", []),
        ("hot::2 dog::-.5 x::", "hot⟦1⟧ dog⟦2⟧ x⟦3⟧", ["::2", "::-.5", "::"]),
        ("like https://a.com/x_(y).png.", "like ⟦1⟧.", ["https://a.com/x_(y).png"]),
        ("图1https://a.com/x，雪", "图1⟦1⟧，雪", ["https://a.com/x"]),
        ("(see www.a.com/b)", "(see ⟦1⟧)", ["www.a.com/b"]),
        ("HTTPS://A.com?b=c&d", "⟦1⟧", ["HTTPS://A.com?b=c&d"]),
        ("in openai/anything-new style", "in ⟦1⟧ style", ["openai/anything-new"]),
        ("fal-ai/flux/dev, and/or", "⟦1⟧, and/or", ["fal-ai/flux/dev"]),
        ("用flux-pro-1.1画", "用⟦1⟧画", ["flux-pro-1.1"]),
        ("dall-e-3. SD3.5-Large!", "⟦1⟧. ⟦2⟧!", ["dall-e-3", "SD3.5-Large"]),
        ("Flux-Schnell style:flux-schnell", "⟦1⟧ style:⟦2⟧", ["Flux-Schnell", "flux-schnell"]),
        ("my-flux-schnell-thing", "my-flux-schnell-thing", []),
        ("amazon.titan-v1:0 paints", "⟦1⟧ paints", ["amazon.titan-v1:0"]),
        ("a landscape by demo", "a landscape by demo", []),
        ("a well-known 8k-ready fox", "a well-known 8k-ready fox", []),
        ("a ⟦1⟧ and ⟧", "a ⟦1⟧1⟦2⟧ and ⟦3⟧", ["⟦", "⟧", "⟧"]),
        ('"a ⟦1⟧"', "⟦1⟧", ['"a ⟦1⟧"']),
        ('a sign "rm --force x" here', "a sign ⟦1⟧ here", ['"rm --force x"']),
    ],
)
def test_what_has_to_stay_is_a_placeholder_in_its_place(text, prose, kept):
    masked = mask(text, NAMES)
    assert (masked.text, list(masked.kept), masked.flags) == (prose, kept, ())
    assert masked.restored(masked.text) == text


def test_a_flag_that_is_read_is_cut_out_of_quotes_too():
    masked = mask('a sign "rm --seed 7 now" --tile', NAMES)
    assert masked.kept == ('"rm now"',)
    assert masked.flags == ("--seed 7", "--tile")


def test_pieces_may_change_their_order_and_come_back_byte_for_byte():
    masked = mask('a fox "Hi  there" by dall-e-3 --no text --ar 16:9', NAMES)
    restored = masked.restored("By ⟦2⟧: ⟦1⟧, says a fox")
    assert restored == 'By dall-e-3: "Hi  there", says a fox --no text --ar 16:9'


@pytest.mark.parametrize("mark", ["⟦1⟧", "⟦ 1 ⟧", "⟦１⟧", "⟦\u30001⟧", "⟦01⟧"])
def test_a_sloppy_placeholder_loses_nothing(mark):
    assert mask('a "fox"', ()).restored(f"the {mark}") == 'the "fox"'


@pytest.mark.parametrize(
    "answer",
    [
        *("", "a fox", "⟦1⟧", "⟦2⟧", "⟦1⟧ ⟦2⟧ ⟦2⟧", "⟦1⟧ ⟦2⟧ ⟦3⟧", "⟦0⟧ ⟦1⟧ ⟦2⟧", "⟦1⟧ [2]"),
        *("⟦1⟧ ⟦2⟧ ⟦", "⟦1⟧ ⟦2⟧ ⟧", "⟦1⟧ ⟦2⟧ ⟦x⟧", "⟦1⟧ ⟦2", "⟦⟦1⟧⟧ ⟦2⟧", "⟦-1⟧ ⟦2⟧", "⟦1⟧⟦2 2⟧"),
        *(
            "⟦1⟧ ⟦2⟧ --ar 1:1",
            "⟦1⟧ ⟦2⟧ —no x",
            "--seed 7 ⟦1⟧ ⟦2⟧",
            "⟦1⟧ ⟦2⟧ --weird",
            "⟦1⟧ ⟦2⟧ --no",
        ),
        *("⟦1⟧ ⟦2⟧ --ar 16:9", "⟦1⟧ ⟦2⟧\n--v 6", "⟦1⟧ –count 9 ⟦2⟧"),
    ],
)
def test_an_answer_that_lost_or_added_something_is_altered(answer):
    with pytest.raises(Altered):
        mask('a "fox" by dall-e-3 --ar 16:9 --v 6', NAMES).restored(answer)


def test_the_prose_is_bare_without_its_placeholders():
    assert mask('雪 "Hello" 狐 --no text', ()).bare.split() == ["雪", "狐"]


@given(prompts)
def test_any_text_comes_back_with_all_that_had_to_stay(text):
    masked = mask(text, NAMES)
    restored = masked.restored(masked.text)
    assert restored.endswith(" ".join(masked.flags))
    read, again = read_prompt(text), read_prompt(restored)
    assert (again.parameters, set(again.unknown)) == (read.parameters, set(read.unknown))
    assert all(flag in text for flag in masked.flags)
    assert all(piece in restored for piece in (*masked.kept, *masked.flags))
    if not masked.flags:  # one inside quotes is cut out of them, as everywhere else
        assert all(piece in read.prompt for piece in masked.kept)


@given(prompts)
def test_what_was_restored_is_taken_apart_the_same_way(text):
    masked = mask(text, NAMES)
    if not masked.flags:  # appended, one may close what the prose had left open
        assert mask(masked.restored(masked.text), NAMES).kept == masked.kept


@given(prompts, prompts)
def test_any_answer_is_altered_or_says_what_the_source_said(text, answer):
    masked = mask(text, NAMES)
    try:
        restored = masked.restored(
            answer + " ".join(f"⟦{n + 1}⟧" for n in range(len(masked.kept)))
        )
    except Altered:
        return
    read, again = read_prompt(text), read_prompt(restored)
    assert (again.parameters, set(again.unknown)) == (read.parameters, set(read.unknown))
    assert all(piece in restored for piece in (*masked.kept, *masked.flags))


HOSTILE = (
    *(
        "(",
        "((",
        ")",
        '"',
        '"a',
        "<",
        "<a ",
        "<a>",
        ":",
        "::",
        ":1",
        ":1)",
        "(a:1",
        "(\n",
        "[",
        "[:1",
    ),
    *(
        "“",
        "”",
        "「",
        "『",
        "a-1 ",
        "a-1:",
        "a:",
        "a.",
        "a/",
        "https://",
        "https://(",
        "www.",
        "http",
    ),
    *(
        "⟦",
        "⟦ ",
        "⟦1⟧",
        "--a ",
        "--a b ",
        "--a https://a ",
        "--ar 1:1 ",
        "--seed x ",
        "--no a ",
        "—a=",
    ),
    *("-1", "1", ": ", "\n", " ", "demo/", "openai/a "),
)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_32000_hostile_characters_are_taken_apart_at_once(hostile):
    text = (hostile * PROMPT_LIMIT)[:PROMPT_LIMIT]
    for prompt in (text, f"a fox {text} b"):
        masked = mask(prompt, [f"maker/model-{number}" for number in range(500)])
        restored = masked.restored(masked.text)
        assert all(piece in restored for piece in masked.flags[:9] + masked.kept[:9])
        assert len(masked.bare) <= 2 * PROMPT_LIMIT


def test_a_dash_that_a_model_writes_is_no_flag():
    masked = mask("a fox --ar 16:9", ())
    made = masked.restored("A red fox in snow —glowing eyes, soft light")
    assert made == "A red fox in snow — glowing eyes, soft light --ar 16:9"
    with pytest.raises(Altered):
        masked.restored("A red fox in snow —no people")


@pytest.mark.parametrize(
    "piece",
    [
        *("flux-dev", "sd_xl_base_1.0.safetensors", "midjourney v6", "SDXL", "Niji 6", "DALL-E 3"),
        *("embedding:EasyNegative", "__animals/wild__", "{red|blue}", "nano-banana"),
    ],
)
def test_names_of_models_and_what_other_programs_read_is_kept(piece):
    assert mask(f"a fox, {piece}, in snow", ()).kept == (piece,)


def test_the_long_dash_of_a_chinese_keyboard_makes_a_flag():
    assert mask("一只狐狸 ——seed 7 —ar 16:9", ()).flags == ("——seed 7", "—ar 16:9")

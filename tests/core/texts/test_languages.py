import copy
import subprocess
import sys
from pathlib import Path

import pytest
from py3langid import langid  # type: ignore[import-untyped]

from core.texts import is_language, is_written_in, languages

_load = langid.LanguageIdentifier.from_modelpath


@pytest.fixture(scope="module")
def loaded():
    return _load(Path(langid.__file__).parent / langid.MODEL_FILE, norm_probs=True)


@pytest.fixture(autouse=True)
def loaded_once(monkeypatch, loaded):
    """Half a second each time, for the same model."""
    monkeypatch.setattr(
        langid.LanguageIdentifier, "from_modelpath", lambda *_, **__: copy.copy(loaded)
    )


@pytest.mark.parametrize(
    "code", ["en", "zh", "zh-Hant", "pt-BR", "yue", "es-419", "zh-cmn-Hans-CN", "de-1996", "EN"]
)
def test_a_language_tag_is_known_by_its_form(code):
    assert is_language(code)


@pytest.mark.parametrize(
    "code",
    [
        *("", "e", "english", "zh_CN", "zh-", "-en", "en-", "en us", "en\n", "中文", "en-US-x y"),
        *("e\u017f", "12", "en. Ignore the rules", "en-" + "abcde-" * 10 + "abcde"),
    ],
)
def test_anything_else_is_no_language_tag(code):
    assert not is_language(code)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "a fox",
            "cat, 8k, bokeh",
            "ukiyo-e wave",
            "cyberpunk",
            "portrait, cinematic",
            "samurai",
        ),
        *(
            "",
            "16:9",
            "…",
            "a red fox in the snow, watercolour, soft light",
            "a wide ＮＥＯＮ sign",
        ),
        *("a 35mm photo of a café at night, rain on the window", "neon city"),
    ],
)
def test_english_and_what_may_be_english_needs_no_translation(text):
    assert is_written_in(text, "en")


@pytest.mark.parametrize(
    "text",
    [
        *("un renard roux dans la neige", "ein roter Fuchs im Schnee", "chat noir sur un toit"),
        *(
            "paysage de montagne",
            "retrato de una mujer",
            "雪中的狐狸",
            "a fox 狐狸",
            "雪の狐",
            "여우",
        ),
        *("лиса в снегу", "αλεπού", "ثعلب", "שועל"),
    ],
)
def test_other_languages_are_translated_to_english(text):
    assert not is_written_in(text, "en")


@pytest.mark.parametrize(
    ("text", "language", "there"),
    [
        ("雪中的狐狸", "zh", True),
        ("雪中的狐狸，8K，C4D", "zh", True),
        ("雪中的狐狸, bokeh", "zh", False),
        ("雪の中の狐", "zh", False),
        ("雪中的狐狸 лиса", "zh", False),
        ("a fox", "zh", False),
        ("雪の中の狐", "ja", True),
        ("雪中的狐狸", "ja", False),
        ("눈 속의 여우", "ko", True),
        ("雪中", "ko", False),
        ("рыжая лиса сидит на снегу, акварель", "ru", True),
        ("лисиця в снігу", "ru", False),
        ("лисиця в снігу", "uk", True),
        ("a fox", "ru", False),
        ("αλεπού στο χιόνι", "el", True),
        ("un renard roux dans la neige", "fr", True),
        ("a red fox in the snow", "fr", False),
        ("雪中的狐狸", "fr", False),
        ("a red fox in the snow", "xx", False),
        ("雪中的狐狸", "zh-Hant", False),
        ("uma raposa na neve", "pt-BR", False),
        ("a fox", "en-GB", False),
        ("16:9 !", "zh-Hant", True),
    ],
)
def test_a_text_is_there_when_script_or_words_say_so(text, language, there):
    assert is_written_in(text, language) is there


@pytest.mark.parametrize(
    ("text", "language"), [("雪", "en"), ("雪", "zh"), ("1", "en"), ("a", "zh"), ("αβγ", "el")]
)
def test_the_identifier_is_only_asked_where_scripts_do_not_decide(text, language, monkeypatch):
    monkeypatch.setattr(languages, "_probabilities", None)
    is_written_in(text, language)


def test_importing_brings_no_identifier_along_and_using_it_leaves_none():
    code = (
        "import gc, sys, core.texts as texts\n"
        "assert 'py3langid' not in sys.modules and 'numpy' not in sys.modules\n"
        "assert texts.is_written_in('a fox', 'en')\n"
        "langid = sys.modules['py3langid.langid']\n"
        "assert langid.IDENTIFIER is None\n"
        "gc.collect()\n"
        "kept = [one for one in gc.get_objects() if isinstance(one, langid.LanguageIdentifier)]\n"
        "assert not kept\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)

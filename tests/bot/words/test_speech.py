import pytest

from bot.words import speech_for


@pytest.mark.parametrize(
    ("languages", "spoken"),
    [
        (["zh"], "zh"),
        (["zh_CN"], "zh"),
        (["zh-TW"], "zh"),
        (["zh-hans"], "zh"),
        (["ZH-Hans-CN"], "zh"),
        (["en"], "en"),
        (["en-GB"], "en"),
        (["EN_us"], "en"),
        (["C"], "en"),
        (["POSIX"], "en"),
        (["tlh"], "en"),
        (["zhuang"], "en"),
        ([""], "en"),
        ([], "en"),
    ],
)
def test_a_language_is_known_by_any_of_its_spellings_and_english_stands_in(languages, spoken):
    assert speech_for(languages).language == spoken


@pytest.mark.parametrize(
    ("languages", "spoken"),
    [
        (["fr_FR", "zh_CN", "en"], "zh"),
        (["en", "zh"], "en"),
        (["fr", "de"], "en"),
        (["C", "zh"], "en"),
        (["fr", "POSIX", "zh"], "en"),
    ],
)
def test_of_several_languages_the_first_that_is_spoken_counts(languages, spoken):
    assert speech_for(languages).language == spoken


def test_a_sentence_is_said_in_the_language_with_its_fields_filled():
    assert speech_for(["en"])("{seconds} s", seconds="1.5") == "1.5 s"
    assert speech_for(["zh"])("{seconds} s", seconds="1.5") == "1.5 秒"


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("en", 0, "0 pictures are in fox"),
        ("en", 1, "1 picture is in fox"),
        ("en", 2, "2 pictures are in fox"),
        ("zh", 0, "0 张图片已保存到 fox"),
        ("zh", 1, "1 张图片已保存到 fox"),
        ("zh", 2, "2 张图片已保存到 fox"),
    ],
)
def test_a_number_takes_the_form_that_its_language_has_for_it(language, count, said):
    _ = speech_for([language])
    one, many = "{count} picture is in {path}", "{count} pictures are in {path}"
    assert _.n(one, many, count, path="fox") == said


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_sentence_that_no_catalogue_has_is_said_in_english(language):
    assert speech_for([language])("A {colour} unicorn.", colour="blue") == "A blue unicorn."


@pytest.mark.parametrize("language", ["en", "zh"])
def test_braces_in_a_field_are_shown_as_they_were_typed(language):
    assert "{seconds}" in speech_for([language])("Written into {path}", path="{seconds}")

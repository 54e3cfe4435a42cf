from collections.abc import Iterator
from dataclasses import fields
from itertools import combinations, product
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

from bot.words import speech_for
from bot.words.errors import say_error
from core import errors
from core.errors import OmniImageError

EXAMPLES: dict[Any, list[object]] = {
    str: ["something"],
    int: [12_345],
    type(None): [None],
    Path: [Path("kept/omniimage.db")],
    tuple[str, ...]: [("demo", "openai")],
}


def refusals(kind: type[OmniImageError] = OmniImageError) -> Iterator[type[OmniImageError]]:
    """Every kind that is raised itself: the leaves of the tree."""
    below = [each for each in kind.__subclasses__() if each.__module__ == errors.__name__]
    for each in below:
        yield from refusals(each)
    if not below:
        yield kind


def values(of: Any) -> list[object]:
    """Each word of a Literal, each side of a union, one example of anything else."""
    if get_origin(of) is Literal:
        return list(get_args(of))
    if get_origin(of) in (Union, type(str | None)):
        return [value for side in get_args(of) for value in values(side)]
    return EXAMPLES[of]


def variants(kind: type[OmniImageError]) -> Iterator[OmniImageError]:
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    for chosen in product(*(values(hints[name]) for name in names)):
        yield kind(**dict(zip(names, chosen, strict=True)))


def every_refusal() -> list[OmniImageError]:
    return [error for kind in refusals() for error in variants(kind)]


def test_the_variants_are_all_the_kinds_with_all_their_words():
    made = every_refusal()
    assert {type(error) for error in made} >= {errors.EmptyPrompt, errors.LostJob}
    assert {errors.WrongUse, errors.StoreError, OmniImageError}.isdisjoint(map(type, made))
    whats = [error.what for error in made if isinstance(error, errors.TooMany)]
    nearest = [error.nearest for error in made if isinstance(error, errors.UnknownModel)]
    assert whats == ["models", "count", "attempts", "jobs", "tiles", "sources", "day", "sets"]
    assert nearest == ["something", None]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_everything_that_is_refused_has_a_sentence_of_its_own(language):
    _ = speech_for([language])
    said = {error: say_error(_, error) for error in every_refusal()}
    assert all(said.values())
    assert [(a, b) for a, b in combinations(said, 2) if said[a] == said[b]] == []


@pytest.mark.parametrize("error", every_refusal(), ids=repr)
def test_a_refusal_is_a_whole_sentence_in_either_language(error):
    english, chinese = (say_error(speech_for([name]), error) for name in ("en", "zh"))
    assert english.endswith((".", "?"))
    assert chinese.endswith(("。", "？"))
    assert "None" not in english + chinese


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (errors.LongPrompt(length=40_001, limit=32_000), ["40,001", "32,000"]),
        (errors.UnknownModel(model="demo/lanscape", nearest="demo/landscape"), ["demo/landscape"]),
        (errors.UnknownModel(model="a {b} c", nearest=None), ["a {b} c"]),
        (errors.UnknownProvider(provider="opnai", known=("demo", "openai")), ["demo", "openai"]),
        (errors.TooMany(what="attempts", asked=40, limit=32), ["40", "32"]),
        (errors.TooMany(what="jobs", asked=6, limit=5), ["5"]),
        (
            errors.BadSetting(path="limits.count", problem="invalid"),
            ["limits.count"],
        ),
        (errors.UnknownId(id="abcdefghij"), ["abcdefghij"]),
        (errors.StoreUnwritable(path=Path("kept")), ["kept"]),
        (errors.StoreDamaged(path=Path("kept/omniimage.db")), ["omniimage.db"]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_refusal_names_what_it_is_about(language, error, shown):
    said = say_error(speech_for([language]), error)
    assert [text for text in shown if text not in said] == []

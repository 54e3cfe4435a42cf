"""What people like to ask, and how what they type becomes a request."""

import pytest

from core.app import App
from core.errors import (
    BadSetName,
    ModelNotAllowed,
    TooMany,
    UnknownModel,
    UnknownSet,
)
from core.ids import ModelId, ProviderId
from core.models.preferences import ModelSet, Preferences
from core.models.request import Parameters, Quality, Ratio, Size
from tests.fakes import FakeModels, at_once
from tests.houses import ANN, ASKER, BEN, finished, house

WIDE = Ratio(width=16, height=9)
FOX, OWL = ModelId("fake/fox"), ModelId("fake/owl")
DEFAULTS = ("demo/landscape", "demo/subject", "demo/grid")


def fakes(*names: str) -> FakeModels:
    return FakeModels(dict.fromkeys(names or ("fox", "owl"), at_once))


async def test_preferences_are_kept_for_each_owner(tmp_path):
    kept = Preferences(
        models=(OWL, FOX), ratio=WIDE, count=2, quality=Quality.HIGH, steps=30, seed=7
    )
    async with house(tmp_path, fakes()) as app:
        assert await app.preferences.get(ANN) == Preferences()
        assert await app.preferences.put(ANN, kept) == kept
    async with house(tmp_path, fakes()) as app:
        assert await app.preferences.get(ANN) == kept
        assert await app.preferences.get(BEN) == Preferences()
        await app.preferences.put(ANN, Preferences(models=(FOX, FOX)))
        assert await app.preferences.get(ANN) == Preferences(models=(FOX,))


async def test_what_cannot_be_asked_is_not_kept(tmp_path):
    async with house(tmp_path, fakes(*"abcdefghijklm")) as app:
        with pytest.raises(UnknownModel):
            await app.preferences.put(ANN, Preferences(models=(ModelId("fake/zebra"),)))
        with pytest.raises(UnknownModel):
            await app.preferences.put_set(ANN, "photo", [ModelId("fake/zebra")])
        many = tuple(ModelId(f"fake/{name}") for name in "abcdefghijklm")
        with pytest.raises(TooMany) as refused:
            await app.preferences.put_set(ANN, "photo", many)
        assert (refused.value.what, refused.value.asked, refused.value.limit) == ("models", 13, 12)
        assert await app.preferences.sets(ANN) == []
        assert await app.preferences.get(ANN) == Preferences()


async def test_a_set_is_known_by_its_name_in_any_case(tmp_path):
    async with house(tmp_path, fakes()) as app:
        await app.preferences.put_set(ANN, "Photo", [FOX])
        await app.preferences.put_set(ANN, "@pHOTO", [OWL, FOX, OWL])
        await app.preferences.put_set(ANN, "照片_1-b", [FOX])
        assert await app.preferences.sets(ANN) == [
            ModelSet(name="pHOTO", models=(OWL, FOX)),
            ModelSet(name="照片_1-b", models=(FOX,)),
        ]
        assert await app.preferences.sets(BEN) == []
        assert await app.preferences.models(ANN, "＠PHOTO") == (OWL, FOX)
        await app.preferences.forget_set(ANN, "@photo")
        await app.preferences.put_set(ANN, "照片_1-b", [])
        assert await app.preferences.sets(ANN) == []


@pytest.mark.parametrize("name", ["", "@", "a b", "a,b", "a/b", "a@b", "x" * 33, "\n", "😀"])
async def test_what_could_not_be_typed_again_is_no_name(tmp_path, name):
    async with house(tmp_path, fakes()) as app:
        with pytest.raises(BadSetName):
            await app.preferences.put_set(ANN, name, [FOX])


@pytest.mark.parametrize("name", ["x" * 32, "हिन्दी", "ﾌｫﾄ", "Ünïcode", "123", "-"])
async def test_letters_of_any_script_make_a_name(tmp_path, name):
    async with house(tmp_path, fakes()) as app:
        await app.preferences.put_set(ANN, name, [FOX])
        assert await app.preferences.models(ANN, f"@{name.upper()}") == (FOX,)


async def test_a_person_has_twenty_five_sets_and_may_always_change_one(tmp_path):
    async with house(tmp_path, fakes()) as app:
        for number in range(25):
            await app.preferences.put_set(ANN, f"set-{number}", [FOX])
        await app.preferences.put_set(ANN, "set-3", [OWL])
        with pytest.raises(TooMany) as refused:
            await app.preferences.put_set(ANN, "another", [FOX])
        assert (refused.value.what, refused.value.asked, refused.value.limit) == ("sets", 26, 25)
        await app.preferences.put_set(BEN, "another", [FOX])


async def test_models_and_sets_are_listed_as_people_type(tmp_path):
    async with house(tmp_path, fakes()) as app:
        await app.preferences.put_set(ANN, "photo", [OWL, FOX])
        for text in ("fake/fox,@photo", "fake/fox @photo fake/owl", "fake/fox，\n@PHOTO、"):
            assert await app.preferences.models(ANN, text) == (FOX, OWL)


async def test_nothing_typed_means_the_saved_models_else_the_demo_ones(tmp_path):
    async with house(tmp_path, fakes()) as app:
        assert await app.preferences.models(ANN, " ") == DEFAULTS
        await app.preferences.put(ANN, Preferences(models=(OWL,)))
        assert await app.preferences.models(ANN, " ") == (OWL,)


async def test_a_wrong_name_is_told_with_what_there_is(tmp_path):
    async with house(tmp_path, fakes()) as app:
        with pytest.raises(UnknownModel) as unknown:
            await app.preferences.models(ANN, "fake/foxx, fake/owl")
        assert (unknown.value.model, unknown.value.nearest) == ("fake/foxx", "fake/fox")
        with pytest.raises(UnknownSet) as none:
            await app.preferences.models(ANN, "@photo")
        assert (none.value.name, none.value.known) == ("photo", ())
        await app.preferences.put_set(ANN, "Birds", [OWL])
        with pytest.raises(UnknownSet) as other:
            await app.preferences.forget_set(ANN, "photo")
        assert (other.value.name, other.value.known) == ("photo", ("Birds",))
        with pytest.raises(UnknownSet):
            await app.preferences.models(BEN, "@birds")


async def test_an_option_wins_over_a_flag_and_both_over_the_preferences(tmp_path):
    async with house(tmp_path, fakes()) as app:
        await app.preferences.put(
            ANN, Preferences(models=(OWL,), ratio=WIDE, count=2, steps=30, seed=0)
        )
        request, written = await app.preferences.request(
            ANN,
            "a fox --count 3 --seed 5 --v 6 --no hats",
            options=Parameters(seed=9),
        )
    assert (request.prompt, request.models) == ("a fox --v 6", (OWL,))
    assert request.parameters == Parameters(ratio=WIDE, count=3, seed=9, steps=30, negative="hats")
    assert (written.unknown, written.parameters.ratio) == (("--v",), None)


@pytest.mark.parametrize(
    ("prompt", "shape"),
    [
        ("a fox --size 512x512", Parameters(size=Size(width=512, height=512))),
        ("a fox --ar 1:1", Parameters(ratio=Ratio(width=1, height=1))),
        ("a fox", Parameters(ratio=WIDE)),
    ],
)
async def test_a_shape_that_was_asked_for_is_not_overruled(tmp_path, prompt, shape):
    async with house(tmp_path, fakes()) as app:
        await app.preferences.put(ANN, Preferences(ratio=WIDE))
        request, _ = await app.preferences.request(ANN, prompt, models_text="fake/fox")
    assert request.parameters == shape


async def test_what_a_request_asks_can_be_run(tmp_path):
    async with house(tmp_path, fakes()) as app:
        request, _ = await app.preferences.request(ANN, "a fox", models_text="fake/owl fake/fox")
        job, _ = await app.jobs.submit(ANN, request)
        end = await finished(app, job.id)
    assert [attempt.model for attempt in end.attempts] == [OWL, FOX]


async def test_the_last_name_is_completed_and_the_text_before_it_stays(tmp_path):
    async with house(tmp_path, fakes()) as app:
        for text, first in (
            ("fake/o", "fake/owl"),
            ("fake/fox，ow", "fake/fox，fake/owl"),
            ("demo/landscape, OWL", "demo/landscape, fake/owl"),
            ("fake/owl", "fake/owl"),
        ):
            assert (await app.preferences.complete(ANN, text))[0] == first
        assert await app.preferences.complete(ANN, "nothing like it") == ()


async def test_what_was_named_before_is_not_offered_again(tmp_path):
    async with house(tmp_path, fakes()) as app:
        offered = await app.preferences.complete(ANN, "fake/fox, fake/")
    assert offered == ("fake/fox, fake/owl",)


async def test_a_beginning_comes_before_a_middle_and_what_can_be_asked_before_what_wants_a_key(
    tmp_path,
):
    async with house(tmp_path, fakes("slow-owl", "owl", "owlet")) as app:
        names = await app.preferences.complete(ANN, "owl")
        assert names == ("fake/owl", "fake/owlet", "fake/slow-owl")
        assert await _providers(app, 3) == ["demo", "fake", "openai"]
        await app.keys.set(ANN, ProviderId("xai"), "xai-0123456789abcdef", None)
        assert await _providers(app, 3) == ["demo", "xai", "fake"]
        assert len(await app.preferences.complete(ANN, "")) == 25


async def _providers(app: App, most: int) -> list[str]:
    offered = await app.preferences.complete(ANN, "", limit=200)
    return list(dict.fromkeys(name.partition("/")[0] for name in offered))[:most]


async def test_sets_are_offered_with_their_sign_and_leave_room_for_models(tmp_path):
    async with house(tmp_path, fakes()) as app:
        for number in range(20):
            await app.preferences.put_set(ANN, f"Fox-{number:02}", [FOX])
        only_sets = await app.preferences.complete(ANN, "fake/owl, @FO")
        assert only_sets[0] == "fake/owl, @Fox-00"
        assert len(only_sets) == 20
        mixed = await app.preferences.complete(ANN, "fo", limit=6)
        assert mixed[:4] == ("@Fox-00", "@Fox-01", "@Fox-02", "fake/fox")
        assert len(mixed) == 6
        assert await app.preferences.complete(BEN, "@") == ()


async def test_a_completed_text_is_never_longer_than_a_chat_takes(tmp_path):
    async with house(tmp_path, fakes("a" * 80, "b")) as app:
        offered = await app.preferences.complete(ANN, "demo/landscape, fake/")
        assert offered == ("demo/landscape, fake/b",)
        assert await app.preferences.complete(ANN, "x" * 200) == ()
        assert await app.preferences.complete(ANN, f"{'x' * 99},") == ()


async def test_what_the_operator_does_not_allow_is_not_offered(tmp_path):
    allowed = {"models": ["demo/subject", "fake/*"]}
    async with house(tmp_path, fakes(), policy=allowed) as app:
        assert set(await app.preferences.complete(ANN, "")) == {
            "demo/subject",
            "fake/fox",
            "fake/owl",
        }
        assert await app.preferences.models(ANN, "") == ("demo/subject",)
        assert await app.preferences.models(ASKER, "") == DEFAULTS
    async with house(tmp_path, fakes(), policy={"models": ["fake/fox"]}) as app:
        request, _ = await app.preferences.request(ANN, "a fox")
        with pytest.raises(ModelNotAllowed):
            await app.jobs.submit(ANN, request)

from typing import Any

import pytest

from core.errors import (
    BlockedWord,
    ModelNotAllowed,
    NotAllowed,
    NotHere,
    NotPrivate,
    StoreFull,
    TooMany,
    UnknownId,
)
from core.ids import LOCAL, ModelId, OwnerId, PlaceId
from core.models.asker import Asker
from core.models.job import Usage
from core.models.request import Parameters, Request
from core.models.rules import HouseRules
from core.models.text import StepKind, TextRequest
from core.models.tool import Split, ToolRequest
from core.ports.policy import Action
from core.usecases.policy import HousePolicy
from tests.core.usecases.examples import ANN, HERE, a_job, an_image

JOB = a_job()
BEN = OwnerId("discord:user:2")
ELSEWHERE = PlaceId("discord:channel:9")
OPERATOR = Asker(owner=LOCAL, place=PlaceId(LOCAL))
PERSON = Asker(owner=ANN, place=HERE)
ANYONE = {Action.SHOW, Action.AGAIN}
MODERATORS = {Action.CANCEL, Action.DELETE}


def policy(free: int = 1000, **said: Any) -> HousePolicy:
    rules = HouseRules(**said)
    return HousePolicy(attempts=32, sources=8, min_free=1000, free=lambda: free, rules=rules)


@pytest.mark.parametrize("asker", [PERSON, OPERATOR], ids=["person", "operator"])
def test_a_job_within_every_limit_is_admitted(asker):
    policy().admit(asker, Usage(jobs=4, attempts=400, adding=32))


@pytest.mark.parametrize("asker", [PERSON, OPERATOR], ids=["person", "operator"])
def test_a_job_of_too_many_attempts_is_refused_with_the_limit(asker):
    with pytest.raises(TooMany) as refused:
        policy().admit(asker, Usage(jobs=0, attempts=0, adding=33))
    assert (refused.value.what, refused.value.asked, refused.value.limit) == ("attempts", 33, 32)


def test_a_person_has_so_many_jobs_open_and_the_operator_any_number():
    usage = Usage(jobs=5, attempts=5, adding=1)
    with pytest.raises(TooMany) as refused:
        policy().admit(PERSON, usage)
    assert (refused.value.what, refused.value.asked, refused.value.limit) == ("jobs", 6, 5)
    policy().admit(OPERATOR, usage)


def test_a_person_gives_a_tool_so_many_pictures_and_the_operator_any_number():
    usage = Usage(jobs=0, attempts=0, adding=0, sources=9)
    with pytest.raises(TooMany) as refused:
        policy().admit(PERSON, usage)
    assert (refused.value.what, refused.value.asked, refused.value.limit) == ("sources", 9, 8)
    policy().admit(OPERATOR, usage)


def test_an_image_is_seen_by_its_owner_and_in_its_place():
    image = an_image()
    assert policy().sees(image.owner, ELSEWHERE, image)
    assert policy().sees(BEN, image.place, image)
    assert not policy().sees(BEN, ELSEWHERE, image)


@pytest.mark.parametrize("asker", [PERSON, OPERATOR], ids=["person", "operator"])
def test_nothing_is_begun_on_a_disk_that_is_nearly_full(asker):
    with pytest.raises(StoreFull):
        policy(free=999).admit(asker, Usage(jobs=0, attempts=0, adding=1))


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("place", [HERE, ELSEWHERE])
def test_the_owner_may_do_everything_from_anywhere(action, place):
    policy().allow(Asker(owner=ANN, place=place), action, JOB)


@pytest.mark.parametrize("moderator", [False, True])
@pytest.mark.parametrize("action", Action)
def test_others_may_see_and_ask_again_and_a_moderator_cancel_and_delete(action, moderator):
    asker = Asker(owner=BEN, place=HERE, moderator=moderator)
    if action in ANYONE or (moderator and action in MODERATORS):
        policy().allow(asker, action, JOB)
        return
    with pytest.raises(NotAllowed) as refused:
        policy().allow(asker, action, JOB)
    assert refused.value.action == action


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize(
    "asker",
    [Asker(owner=BEN, place=ELSEWHERE, moderator=True), OPERATOR],
    ids=["moderator elsewhere", "operator"],
)
def test_a_job_of_another_place_is_unknown_even_to_a_moderator_or_the_operator(action, asker):
    with pytest.raises(UnknownId) as refused:
        policy().allow(asker, action, JOB)
    assert refused.value.id == JOB.id


def someone(**said: Any) -> Asker:
    shown = {"server": "3", "roles": frozenset({"7", "8"}), **said}
    return Asker(**{"owner": ANN, "place": HERE, **shown})


@pytest.mark.parametrize(
    "rules",
    [
        {},
        {"servers": ("3",)},
        {"servers": ("1", "discord:server:3")},
        {"channels": ("5",)},
        {"channels": ("discord:channel:5",)},
        {"roles": ("9", "8")},
        {"users": ("1",)},
        {"users": ("discord:user:1",)},
        {"servers": ("3",), "channels": ("5",), "roles": ("7",), "users": ("1",)},
        {"servers": ("telegram:chat:9",), "users": ("telegram:user:9",)},
    ],
    ids=repr,
)
def test_whoever_is_on_every_list_is_let_in(rules):
    policy(**rules).enter(someone())


@pytest.mark.parametrize(
    ("rules", "what"),
    [
        ({"servers": ("1",)}, "server"),
        ({"channels": ("1",)}, "channel"),
        ({"roles": ("1",)}, "role"),
        ({"users": ("2",)}, "user"),
        ({"users": ("telegram:user:1", "discord:user:2")}, "user"),
        ({"servers": ("3",), "channels": ("1",)}, "channel"),
    ],
    ids=repr,
)
def test_who_misses_on_one_list_is_told_which(rules, what):
    with pytest.raises(NotHere) as refused:
        policy(**rules).enter(someone())
    assert refused.value.what == what
    policy(**rules).enter(OPERATOR)


@pytest.mark.parametrize("rules", [{"servers": ("3",)}, {"roles": ("7",)}])
def test_a_direct_message_is_in_no_server_and_has_no_roles(rules):
    with pytest.raises(NotHere):
        policy(**rules).enter(someone(server=None, roles=frozenset()))


def test_a_thread_is_let_in_with_its_channel_and_a_private_result_where_it_is_asked():
    thread = someone(place=ELSEWHERE, channels=frozenset({"9", "5"}))
    private = someone(place=PlaceId(ANN), channels=frozenset({"discord:channel:5"}))
    for asker in (thread, private):
        policy(channels=("5",)).enter(asker)
    with pytest.raises(NotHere):
        policy(channels=("5",)).enter(someone(place=ELSEWHERE))


def test_a_list_that_names_another_front_end_alone_says_nothing_about_this_one():
    telegram = Asker(owner=OwnerId("telegram:user:2"), place=PlaceId("telegram:chat:-7"))
    rules: Any = {"servers": ("discord:server:3",), "channels": ("telegram:chat:-7",)}
    policy(**rules).enter(telegram)
    policy(**rules).enter(someone(place=ELSEWHERE))
    with pytest.raises(NotHere):
        policy(servers=("3",)).enter(telegram)


def a_request(prompt: str = "a fox", *models: str, **said: Any) -> Request:
    return Request(prompt=prompt, models=tuple(map(ModelId, models)), **said)


def a_text(text: str, purpose: Request | None = None) -> TextRequest:
    return TextRequest(
        text=text, steps=(StepKind.ENHANCE,), model=ModelId("openai/gpt"), purpose=purpose
    )


def test_only_models_that_the_operator_allows_are_asked():
    house = policy(models=("demo/*", "openai/gpt-image-2"))
    house.begin(PERSON, a_request("a fox", "demo/landscape", "openai/gpt-image-2"))
    for work in (
        a_request("a fox", "demo/landscape", "openai/gpt-image-2.5"),
        a_text("a fox", a_request("a fox", "openai/gpt-image-2.5")),
    ):
        with pytest.raises(ModelNotAllowed) as refused:
            house.begin(PERSON, work)
        assert refused.value.model == "openai/gpt-image-2.5"
        assert refused.value.allowed == ("demo/*", "openai/gpt-image-2")
        house.begin(OPERATOR, work)
    house.begin(PERSON, a_text("a fox"))  # a text model paints nothing
    assert house.offers(PERSON, ModelId("demo/subject"))
    assert not house.offers(PERSON, ModelId("openai/dall-e-9"))
    assert house.offers(OPERATOR, ModelId("openai/dall-e-9"))


def test_a_blocked_word_is_refused_in_what_is_asked_for_and_not_in_what_is_unwanted():
    house = policy(block_words=("gun", "血腥"))
    for work in (a_request("a GUN"), a_request("一张血腥的图"), a_text("a gun")):
        with pytest.raises(BlockedWord) as refused:
            house.begin(PERSON, work)
        assert refused.value.word in ("gun", "血腥")
        house.begin(OPERATOR, work)
    house.begin(PERSON, a_request("a gunner", parameters=Parameters(negative="gun")))
    house.begin(PERSON, ToolRequest(tool=Split(), sources=()))


def test_private_results_can_be_switched_off():
    private = Asker(owner=ANN, place=PlaceId(ANN))
    policy().begin(private, a_request())
    policy(private=False).begin(PERSON, a_request())
    with pytest.raises(NotPrivate):
        policy(private=False).begin(private, a_request())
    policy(private=False).begin(OPERATOR, a_request())


def test_a_person_begins_so_many_comparisons_in_a_day_and_the_operator_any_number():
    def usage(today: int) -> Usage:
        return Usage(jobs=0, attempts=0, adding=1, today=today)

    policy(per_day=3).admit(PERSON, usage(2))
    policy(per_day=0).admit(PERSON, usage(2000))
    policy(per_day=3).admit(OPERATOR, usage(2000))
    with pytest.raises(TooMany) as refused:
        policy(per_day=3).admit(PERSON, usage(3))
    assert (refused.value.what, refused.value.asked, refused.value.limit) == ("day", 4, 3)

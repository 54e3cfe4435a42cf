import pytest

from core.errors import NotAllowed, StoreFull, TooMany, UnknownId
from core.ids import LOCAL, OwnerId, PlaceId
from core.models.asker import Asker
from core.models.job import Usage
from core.ports.policy import Action
from core.usecases.policy import HousePolicy
from tests.core.usecases.examples import ANN, HERE, a_job, an_image

JOB = a_job()
BEN = OwnerId("discord:user:2")
ELSEWHERE = PlaceId("discord:channel:9")
OPERATOR = Asker(owner=LOCAL, place=PlaceId(LOCAL))
PERSON = Asker(owner=ANN, place=HERE)


def policy(free: int = 1000) -> HousePolicy:
    return HousePolicy(attempts=32, open_jobs=5, sources=8, min_free=1000, free=lambda: free)


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
def test_others_in_the_place_may_see_and_ask_again_and_a_moderator_may_cancel(action, moderator):
    asker = Asker(owner=BEN, place=HERE, moderator=moderator)
    if action in (Action.SHOW, Action.AGAIN) or (moderator and action is Action.CANCEL):
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

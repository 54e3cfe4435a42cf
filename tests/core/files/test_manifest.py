import json
from decimal import Decimal
from typing import Any

import pytest

from core.files.manifest import manifest
from core.files.names import picture_files
from core.ids import ModelId
from core.models.attempt import AttemptState, Cost
from core.models.failure import Failure, FailureKind
from core.models.job import Comparison
from core.models.order import Order
from core.models.request import Quality, Ratio, Size
from tests.core.usecases.examples import a_job, an_attempt, an_image

ORDER = Order(
    model=ModelId("fake/one"),
    prompt="a fox",
    size=Size.read("1536x1024"),
    seed=7,
    quality=Quality.LOW,
    ignored=("steps", "negative"),
)


def read(job: Comparison) -> dict[str, Any]:
    value = json.loads(manifest(job, picture_files(job)))
    assert isinstance(value, dict)
    return value


def one(**said: Any) -> dict[str, Any]:
    """What the manifest says of the only picture of one attempt."""
    (image,) = read(a_job(an_attempt("fake/one", 1, an_image(), order=ORDER, **said)))["images"]
    assert isinstance(image, dict)
    return image


def test_the_manifest_says_of_every_picture_what_was_asked_sent_and_ignored():
    job = a_job(
        an_attempt(
            "fake/one",
            2,
            an_image("jpeg", sha256="cd" * 32, width=1536, height=1024),
            order=ORDER,
            seconds=1.23456,
            cost=Cost(amount=Decimal("0.04"), exact=True),
            seed=7,
        ),
        an_attempt(
            "fake/two",
            1,
            state=AttemptState.FAILED,
            failure=Failure(kind=FailureKind.RATE_LIMITED, retry_after=30),
            seconds=0.5,
        ),
        created=1_800_000_000.9,
        ratio=Ratio.read("16:9"),
        count=2,
        seed=6,
        steps=30,
        quality=Quality.LOW,
        negative="text, 人物",
    )
    asked = {
        "ratio": "16:9",
        "count": 2,
        "seed": 6,
        "steps": 30,
        "quality": "low",
        "negative": "text, 人物",
    }
    assert read(job) == {
        "schema": 1,
        "id": "job",
        "created": "2027-01-15T08:00:00+00:00",
        "prompt": "a fox",
        "parameters": asked,
        "images": [
            {
                "file": "images/fake-one-2.jpg",
                "model": "fake/one",
                "number": 2,
                "sha256": "cd" * 32,
                "width": 1536,
                "height": 1024,
                "seed": 7,
                "asked": asked,
                "sent": {"size": "1536x1024", "seed": 7, "quality": "low"},
                "ignored": ["steps", "negative"],
                "seconds": 1.235,
                "cost": 0.04,
            }
        ],
        "failures": [
            {
                "model": "fake/two",
                "number": 1,
                "error": {"kind": "rate_limited"},
                "seconds": 0.5,
            }
        ],
    }


@pytest.mark.parametrize(("replied", "seed"), [(None, 7), (7, 7), (99, 99), (0, 0)])
def test_a_pictures_seed_is_what_the_reply_said_else_what_was_sent(replied, seed):
    assert one(seed=replied)["seed"] == seed


def test_what_is_not_known_is_null_and_a_free_picture_costs_nothing():
    assert (one()["seconds"], one()["cost"]) == (None, None)
    free = one(seconds=0.0, cost=Cost(amount=Decimal(0), exact=True))
    assert (free["seconds"], free["cost"]) == (0, 0)


def test_the_same_comparison_gives_the_same_bytes_with_chinese_kept_readable():
    job = a_job(an_attempt("fake/one", 1, an_image(), order=ORDER), prompt="雪中的狐狸\n“水彩”")
    written = manifest(job, picture_files(job))
    assert written == manifest(job, picture_files(job))
    assert "雪中的狐狸\\n“水彩”" in written.decode()
    assert written.endswith(b"}\n")


def test_pictures_come_in_the_order_asked_with_the_names_that_the_archive_gives_them():
    job = a_job(*[an_attempt("fake/one", number, *[an_image()] * 2) for number in (1, 2)])
    files = picture_files(job)
    assert [image["file"] for image in read(job)["images"]] == [file.name for file in files]
    assert [image["number"] for image in read(job)["images"]] == [1, 1, 2, 2]

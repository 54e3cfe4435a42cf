"""Jobs as the database would give them, for use cases that only look at one."""

from typing import Any

from core.ids import AttemptId, ImageId, JobId, ModelId, OwnerId, PlaceId
from core.models.attempt import Attempt, AttemptState
from core.models.image import Image
from core.models.job import Comparison, JobState
from core.models.request import Parameters, Request

ANN = OwnerId("discord:user:1")
HERE = PlaceId("discord:channel:5")


def an_image(format_: str = "png", **said: Any) -> Image:
    return Image(
        **{
            "id": ImageId("picture"),
            "owner": ANN,
            "place": HERE,
            "job": JobId("job"),
            "sha256": "ab" * 32,
            "bytes": 3,
            "format": format_,
            "width": 64,
            "height": 32,
            "created": 0.0,
            **said,
        }
    )


def an_attempt(model: str = "fake/one", number: int = 1, *images: Image, **said: Any) -> Attempt:
    return Attempt(
        **{
            "id": AttemptId(f"{model} {number}"),
            "model": ModelId(model),
            "number": number,
            "round": 1,
            "state": AttemptState.DONE,
            "images": images,
            **said,
        }
    )


def a_job(
    *attempts: Attempt, prompt: str = "a fox", created: float = 0.0, **asked: Any
) -> Comparison:
    return Comparison(
        id=JobId("job"),
        owner=ANN,
        place=HERE,
        state=JobState.DONE,
        version=1,
        work=Request(prompt=prompt, models=(), parameters=Parameters(**asked)),
        created=created,
        attempts=attempts,
    )

from collections.abc import Callable
from dataclasses import dataclass

from core.errors import UnknownId
from core.ids import ImageId, JobId
from core.imaging.formats import Picture, measure, thumbnail
from core.imaging.metadata import Made
from core.imaging.notes import made_of
from core.models.asker import Asker
from core.models.image import Measured
from core.models.origin import Origin
from core.models.tool import Source
from core.ports.blobs import Blobs
from core.ports.jobs import ImageStore
from core.ports.offload import Offload
from core.ports.policy import Action, Policy
from core.ports.tools import Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFacts:
    """What a file says of itself; `small` is the picture in the box that was asked for."""

    name: str
    bytes: int
    measured: Measured
    made: Made | None
    small: Picture | None = None


class Pictures:
    """Looks at pictures, kept or brought, and deletes kept ones."""

    def __init__(
        self,
        sources: Sources,
        images: ImageStore,
        blobs: Blobs,
        offload: Offload,
        policy: Policy,
        wake: Callable[[JobId], None],
    ) -> None:
        self._sources = sources
        self._images = images
        self._blobs = blobs
        self._offload = offload
        self._policy = policy
        self._wake = wake

    async def look(
        self, asker: Asker, source: Source, box: tuple[int, int] | None = None
    ) -> PictureFacts:
        """ToolFailed or BadImage for what cannot be looked at."""
        opened = await self._sources.open(asker.owner, asker.place, source)
        return PictureFacts(
            name=opened.name,
            bytes=len(opened.data),
            measured=await self._offload(measure, opened.data),
            made=await self._offload(made_of, opened.data, opened.origin),
            small=await self._offload(thumbnail, opened.data, box) if box else None,
        )

    async def find(self, asker: Asker, image: ImageId) -> Origin:
        """A kept image with where it comes from; UnknownId also where the asker cannot see it."""
        origin = await self._images.find(image)
        if origin is None or not self._policy.sees(asker.owner, asker.place, origin.image):
            raise UnknownId(id=image)
        return origin

    async def delete(self, asker: Asker, image: ImageId) -> JobId:
        """For good, its bytes too unless another image has equal ones; what was made of it stays.

        Returns the job that it was part of, which is shown anew. UnknownId, NotAllowed.
        """
        origin = await self._images.find(image)
        if origin is None:
            raise UnknownId(id=image)
        self._policy.allow(asker, Action.DELETE, origin.image)
        job = await self._images.delete(image, self._blobs.drop)
        if job is None:
            raise UnknownId(id=image)
        self._wake(job)
        return job

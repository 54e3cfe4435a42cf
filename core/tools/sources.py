import stat
from collections.abc import Mapping
from pathlib import Path, PurePath

from core.files.names import stem_of
from core.ids import OwnerId, PlaceId
from core.imaging.formats import BYTES_LIMIT
from core.imaging.names import safe_name
from core.models.tool import Brought, Kept, Source, ToolFailed, ToolFailureKind
from core.ports.blobs import Blobs
from core.ports.jobs import ImageStore
from core.ports.offload import Offload
from core.ports.policy import Policy
from core.ports.tools import Fetch, Located, Opened


class SourcesOfAll:
    """Kept images out of the store, brought ones through the front end that knows them."""

    def __init__(
        self,
        images: ImageStore,
        blobs: Blobs,
        fetches: Mapping[str, Fetch],
        offload: Offload,
        policy: Policy,
    ) -> None:
        self._images = images
        self._blobs = blobs
        self._fetches = fetches
        self._offload = offload
        self._policy = policy

    async def locate(self, owner: OwnerId, place: PlaceId, source: Source) -> Located:
        match source:
            case Kept():
                return await self._kept(owner, place, source)
            case Brought():
                fetch = self._fetches.get(source.front_end)
                if fetch is None:  # adopted from a process with other front ends
                    raise ToolFailed(ToolFailureKind.MISSING)
                content = await fetch(source.reference)
                return Located(content=content, name=_stem(source.name))

    async def open(self, owner: OwnerId, place: PlaceId, source: Source) -> Opened:
        found = await self.locate(owner, place, source)
        content = found.content
        data = content if isinstance(content, bytes) else await self._offload(read_file, content)
        return Opened(data=data, name=found.name, origin=found.origin)

    async def _kept(self, owner: OwnerId, place: PlaceId, source: Kept) -> Located:
        origin = await self._images.find(source.image)
        if origin is None or not self._policy.sees(owner, place, origin.image):
            raise ToolFailed(ToolFailureKind.UNKNOWN)
        path = self._blobs.path(origin.image.sha256)
        if not path.exists():
            raise ToolFailed(ToolFailureKind.DAMAGED)
        return Located(content=path, name=stem_of(origin), origin=origin)


def read_file(path: Path) -> bytes:
    """A regular file of at most BYTES_LIMIT bytes; ToolFailed says why not."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise ToolFailed(ToolFailureKind.FOLDER)
        if not stat.S_ISREG(status.st_mode):
            raise ToolFailed(ToolFailureKind.GARBAGE)
        if status.st_size > BYTES_LIMIT:
            raise ToolFailed(ToolFailureKind.TOO_LARGE)
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ToolFailed(ToolFailureKind.MISSING) from error
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise ToolFailed(ToolFailureKind.UNREADABLE) from error


def _stem(name: str) -> str:
    """What results can be called after, on every platform."""
    return PurePath(safe_name(name)).stem

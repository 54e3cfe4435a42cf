from typing import Protocol

from core.ids import RunnerId


class Runners(Protocol):
    """Which processes live. A process holds its lock as long; a killed one's is free at once."""

    def hold(self) -> RunnerId: ...

    def dead(self, runner: RunnerId) -> bool: ...

    def release(self) -> None: ...

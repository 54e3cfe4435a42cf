from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.core.adapters.cutout.children import Starts


@pytest.fixture
async def starts(tmp_path: Path) -> AsyncIterator[Starts]:
    starts = Starts(folder=tmp_path / "child")
    starts.gate.set()
    yield starts
    for child in starts.children:
        child.close()
        await child.gone.wait()

import pytest

from core.errors import StoreFull, StoreLocked
from core.usecases.housekeeping import Housekeeping


async def test_a_sweep_that_cannot_be_done_now_keeps_no_other_from_its_work(caplog):
    swept: list[str] = []

    async def locked() -> None:
        raise StoreLocked

    async def full() -> None:
        raise StoreFull

    async def works() -> None:
        swept.append("works")

    await Housekeeping([locked, full, works]).once()
    assert swept == ["works"]
    assert "swept" in caplog.text


async def test_a_defect_is_not_hidden():
    async def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await Housekeeping([broken]).once()

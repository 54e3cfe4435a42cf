"""What every `Blobs` keeps to, run on the fake and on the real one."""

import asyncio
import hashlib
import secrets

import pytest

from core.adapters.blobs import DiskBlobs
from core.errors import StoreDamaged
from core.ports.blobs import Blobs
from tests.fakes import MemoryBlobs, png


@pytest.fixture(params=["disk", "memory"])
def blobs(request, tmp_path) -> Blobs:
    if request.param == "memory":
        return MemoryBlobs(tmp_path)
    disk = DiskBlobs(tmp_path / "images")
    disk.open()
    return disk


@pytest.mark.parametrize("data", [b"", b"\0", png(), secrets.token_bytes(2**20)], ids=len)
async def test_what_was_put_comes_back_byte_for_byte_under_its_sha256(blobs, data):
    name = await blobs.put(data)
    assert name == hashlib.sha256(data).hexdigest()
    assert await blobs.get(name) == data


async def test_a_path_leads_to_the_bytes(blobs):
    name = await blobs.put(png())
    assert blobs.path(name).read_bytes() == png()


async def test_equal_bytes_are_kept_once_under_one_name(blobs):
    before = blobs.free()
    names = {await blobs.put(png()) for _ in range(3)}
    assert len(names) == 1
    assert before - blobs.free() < 2**30


async def test_many_puts_at_once_all_land_even_where_bytes_are_equal(blobs):
    pictures = [str(number % 10).encode() * 1000 for number in range(40)]
    names = await asyncio.gather(*map(blobs.put, pictures))
    assert len(set(names)) == 10
    assert [await blobs.get(name) for name in names] == pictures


async def test_what_was_never_put_is_reported_as_a_damaged_store_with_its_path(blobs):
    missing = hashlib.sha256(b"never put").hexdigest()
    with pytest.raises(StoreDamaged) as refused:
        await blobs.get(missing)
    assert refused.value.path == blobs.path(missing)


async def test_bytes_left_are_a_whole_number_above_nothing(blobs):
    assert isinstance(blobs.free(), int)
    assert blobs.free() > 0


async def test_what_was_dropped_is_gone_and_may_be_dropped_twice_and_put_again(blobs):
    name = await blobs.put(png())
    for _ in range(2):
        await blobs.drop(name)
        assert not blobs.path(name).exists()
        with pytest.raises(StoreDamaged):
            await blobs.get(name)
    assert await blobs.put(png()) == name
    assert await blobs.get(name) == png()

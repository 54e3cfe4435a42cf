import hashlib
import io
import secrets
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from core.imaging.archive import Entry, write_archive


class Pipe(io.BytesIO):
    """Takes bytes and never goes back, as a socket does."""

    @override
    def seekable(self) -> bool:
        return False

    @override
    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation

    @override
    def tell(self) -> int:
        raise io.UnsupportedOperation


class Drain(Pipe):
    """Keeps nothing, and counts."""

    length = 0

    @override
    def write(self, data, /) -> int:
        self.length += len(data)
        return len(data)


def written(*entries: Entry) -> bytes:
    target = io.BytesIO()
    write_archive(target, entries)
    return target.getvalue()


def opened(data: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(data))


@pytest.fixture
def entries(tmp_path) -> list[Entry]:
    """From disk and from memory, under names that need care."""
    path = tmp_path / "ab12"
    path.write_bytes(secrets.token_bytes(3 * 2**18 + 7))
    return [
        Entry(name="images/demo-landscape-1.png", source=path),
        Entry(name="images/雪中的狐狸-キツネ-여우.png", source=b"\x89PNG"),
        Entry(name="images/empty.png", source=b""),
        Entry(name="manifest.json", source=b"{}\n"),
    ]


def bytes_of(entry: Entry) -> bytes:
    return entry.source if isinstance(entry.source, bytes) else entry.source.read_bytes()


def test_every_file_comes_out_byte_for_byte_under_its_name_and_in_its_order(entries):
    with opened(written(*entries)) as archive:
        assert archive.namelist() == [entry.name for entry in entries]
        assert [archive.read(entry.name) for entry in entries] == list(map(bytes_of, entries))
        assert archive.testzip() is None


def test_files_are_stored_and_not_deflated(entries):
    data = written(*entries)
    with opened(data) as archive:
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        assert all(info.compress_size == info.file_size for info in archive.infolist())
    assert bytes_of(entries[0]) in data


def test_the_same_files_make_the_same_bytes_whenever_they_were_written(entries, tmp_path):
    later = tmp_path / "later"
    later.write_bytes(bytes_of(entries[0]))
    later.chmod(0o600)
    again = [Entry(name=entries[0].name, source=later), *entries[1:]]
    assert hashlib.sha256(written(*entries)).digest() == hashlib.sha256(written(*again)).digest()


def test_the_originals_are_left_as_they_are(entries):
    path = entries[0].source
    before, stat = path.read_bytes(), path.stat()
    written(*entries)
    assert path.read_bytes() == before
    assert path.stat().st_mtime_ns == stat.st_mtime_ns


def test_a_name_in_any_script_is_marked_as_utf_8(entries):
    with opened(written(*entries)) as archive:
        info = archive.getinfo("images/雪中的狐狸-キツネ-여우.png")
    assert info.flag_bits & 0x800


def test_unpacked_files_can_be_read_and_are_no_programs(entries):
    with opened(written(*entries)) as archive:
        modes = {info.external_attr >> 16 for info in archive.infolist()}
        systems = {info.create_system for info in archive.infolist()}
    assert (modes, systems) == ({0o100644}, {3})


def test_an_archive_can_be_sent_while_it_is_made(entries):
    pipe = Pipe()
    write_archive(pipe, entries)
    with opened(pipe.getvalue()) as archive:
        assert archive.testzip() is None
        assert [archive.read(entry.name) for entry in entries] == list(map(bytes_of, entries))


def test_a_large_file_passes_through_one_buffer_and_is_never_whole_in_memory(tmp_path):
    large = tmp_path / "large"
    large.write_bytes(bytes(16 * 2**20))
    drain = Drain()
    tracemalloc.start()
    try:
        write_archive(drain, [Entry(name=f"{number}.png", source=large) for number in (1, 2)])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert drain.length > 32 * 2**20
    assert peak < 2 * 2**20


def test_an_archive_of_nothing_is_an_archive():
    with opened(written()) as archive:
        assert archive.namelist() == []


@given(st.dictionaries(st.text("abc雪🦊 -.", min_size=1), st.binary(), max_size=8))
def test_any_files_come_back(files):
    data = written(*[Entry(name=name, source=source) for name, source in files.items()])
    with opened(data) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files

import hashlib
import io
import secrets
import tracemalloc
import zipfile
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from core.imaging import archive as archives
from core.imaging.archive import (
    ARCHIVE_LIMIT,
    Entry,
    archive_size,
    part_names,
    plan_parts,
    write_archive,
)


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


def test_the_size_is_known_before_anything_is_written(entries):
    assert archive_size(entries) == len(written(*entries))
    assert archive_size([]) == len(written())
    pipe = Pipe()
    write_archive(pipe, entries)
    assert archive_size(entries, streamed=True) == len(pipe.getvalue())


@given(st.dictionaries(st.text("abc雪🦊 -.é", min_size=1), st.binary(max_size=99), max_size=8))
def test_the_size_of_any_files_is_known(files):
    entries = [Entry(name=name, source=source) for name, source in files.items()]
    assert archive_size(entries) == len(written(*entries))


def manifest(entries: Sequence[Entry]) -> list[Entry]:
    """Grows with every entry, as a real one does."""
    return [Entry(name="manifest.json", source=b"\n".join(e.name.encode() for e in entries))]


def pictures(*sizes: int) -> list[Entry]:
    return [
        Entry(name=f"{number}.png", source=bytes(size))
        for number, size in enumerate(sizes, start=1)
    ]


def names(part: Sequence[Entry]) -> list[str]:
    return [entry.name for entry in part]


def test_what_fits_is_one_part_with_what_goes_with_it():
    plan = plan_parts(pictures(100, 200, 300), manifest)
    assert [names(part) for part in plan.parts] == [["1.png", "2.png", "3.png", "manifest.json"]]
    assert plan.refused == ()


def test_a_part_may_be_exactly_as_large_as_the_limit_and_no_byte_larger():
    both = pictures(100, 100)
    exact = archive_size([*both, *manifest(both)])
    assert len(plan_parts(both, manifest, exact).parts) == 1
    assert len(plan_parts(both, manifest, exact - 1).parts) == 2


def test_what_is_too_large_alone_is_named_and_the_rest_is_packed():
    plan = plan_parts(pictures(100, 5000, 100, 9000), manifest, 1000)
    assert [names(part)[:-1] for part in plan.parts] == [["1.png"], ["3.png"]]
    assert names(plan.refused) == ["2.png", "4.png"]


def test_where_nothing_fits_there_is_no_part():
    plan = plan_parts(pictures(5000), manifest, 10)
    assert (plan.parts, names(plan.refused)) == ((), ["1.png"])
    assert plan_parts([], manifest, 10).parts == ()


@given(st.lists(st.integers(0, 900), max_size=20), st.integers(300, 2000))
def test_parts_keep_the_order_and_the_limit_and_none_could_take_one_more(sizes, limit):
    entries = pictures(*sizes)
    plan = plan_parts(entries, manifest, limit)
    packed = [entry for part in plan.parts for entry in part if entry.name != "manifest.json"]
    assert sorted([*packed, *plan.refused], key=entries.index) == entries
    assert packed == [entry for entry in entries if entry not in plan.refused]
    for part in plan.parts:
        data = written(*part)
        assert len(data) <= limit
        with opened(data) as archive:
            assert archive.testzip() is None
            assert names(part)[-1] == "manifest.json"
    for part, after in pairwise(plan.parts):
        first = entries.index(after[0])
        if entries[first - 1] == part[-2]:  # nothing was refused between them
            longer = [*part[:-1], after[0]]
            assert archive_size([*longer, *manifest(longer)]) > limit
    for entry in plan.refused:
        assert archive_size([entry, *manifest([entry])]) > limit


def test_an_archive_stays_small_enough_for_every_reader_without_being_told(tmp_path):
    sparse = tmp_path / "sparse"
    with sparse.open("wb") as file:
        file.truncate(ARCHIVE_LIMIT // 2)
    entries = [Entry(name=f"{number}.png", source=sparse) for number in range(4)]
    for limit in (None, 10 * ARCHIVE_LIMIT):
        plan = plan_parts(entries, manifest, limit)
        assert len(plan.parts) == 4
        assert all(archive_size(part) <= ARCHIVE_LIMIT for part in plan.parts)


def test_a_part_never_has_more_files_than_the_format_can_count(monkeypatch):
    monkeypatch.setattr(archives, "FILES_LIMIT", 3)
    assert [len(part) for part in plan_parts(pictures(1, 1, 1), manifest).parts] == [3, 2]


@pytest.mark.parametrize(
    ("count", "wanted"),
    [
        (0, []),
        (1, ["fox.zip"]),
        (2, ["fox-01.zip", "fox-02.zip"]),
        (12, [f"fox-{number:02}.zip" for number in range(1, 13)]),
        (100, [f"fox-{number:03}.zip" for number in range(1, 101)]),
    ],
)
def test_parts_are_numbered_where_one_is_not_enough(count, wanted):
    assert part_names("fox", count) == wanted

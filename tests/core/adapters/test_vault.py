import base64
import os
import stat
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.adapters import vault as module
from core.adapters.vault import Vault
from core.errors import (
    MasterKeyFixed,
    MasterKeyMissing,
    MasterKeysDiffer,
    MasterKeyUnreadable,
    MasterKeyWrong,
    SealBroken,
    StoreLocked,
    StoreUnwritable,
    VaultError,
)

ROOT = Path(__file__).parents[3]
SECRET = "sk-proj-of-nobody-0123456789"  # noqa: S105
BOUND = ("discord:user:1", "openai", "https://api.example.com:443")


def master(byte: int = 1) -> str:
    """A master key as a person would keep it."""
    return "k1_" + base64.urlsafe_b64encode(bytes([byte]) * 32).decode().rstrip("=")


def vault(text: str | None = None, *, file: Path | None = None, default: Path) -> Vault:
    return Vault(text=text, file=file, default=default)


def words(path: Path) -> list[str]:
    return path.read_text("utf-8").split()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "master.key"


@cache
def steady() -> Vault:
    """One vault for many examples: its key is a text, so that it touches no disk."""
    return vault(master(), default=Path("nowhere"))


@given(secret=st.text(st.characters(codec="utf-8")), bound=st.lists(st.text(max_size=9)))
def test_what_was_sealed_opens_again_and_shows_nothing(secret: str, bound: list[str]):
    try:
        sealed = steady().seal(secret, *bound)
    except UnicodeEncodeError:  # a lone surrogate in what it is bound to is no text
        return
    assert steady().open(sealed, *bound) == secret
    assert len(secret) < 4 or secret.encode() not in sealed


def test_the_same_secret_is_never_sealed_twice_alike():
    assert len({steady().seal(SECRET, *BOUND) for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "moved",
    [
        ("discord:user:2", *BOUND[1:]),
        (BOUND[0], "xai", BOUND[2]),
        (*BOUND[:2], ""),
        (*BOUND[:2], "http://api.example.com:443"),
        (*BOUND[:2], "https://evil.example.com:443"),
        (*BOUND[:2], "https://api.example.com:8443"),
        BOUND[:2],
        (*BOUND, ""),
        BOUND[::-1],
        (),
    ],
)
def test_a_token_does_not_open_where_it_does_not_belong(moved: tuple[str, ...]):
    sealed = steady().seal(SECRET, *BOUND)
    with pytest.raises(SealBroken):
        steady().open(sealed, *moved)


def test_bound_texts_do_not_run_into_each_other():
    sealed = steady().seal(SECRET, "discord:42", "openai")
    with pytest.raises(SealBroken):
        steady().open(sealed, "discord:4", "2openai")


def test_a_token_cut_at_any_length_is_a_typed_error():
    sealed = steady().seal(SECRET, *BOUND)
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            steady().open(sealed[:length], *BOUND)


def test_a_token_with_any_byte_flipped_is_a_typed_error():
    sealed = steady().seal(SECRET, *BOUND)
    for place in range(len(sealed)):
        for flip in (0x01, 0x80, 0xFF):
            altered = bytearray(sealed)
            altered[place] ^= flip
            # In the id of its key it can no longer be told from a token of another key.
            expected = MasterKeyWrong if 1 <= place < 5 else SealBroken
            with pytest.raises(expected):
                steady().open(bytes(altered), *BOUND)


@given(st.binary(max_size=120))
def test_whatever_bytes_are_opened_the_error_is_ours(garbage: bytes):
    for token in (garbage, b"\x01" + garbage, steady().seal("", *BOUND)[:17] + garbage):
        with pytest.raises((SealBroken, MasterKeyWrong)):
            steady().open(token, *BOUND)


def test_a_token_of_another_master_key_says_that_the_master_key_is_wrong(path: Path):
    sealed = steady().seal(SECRET, *BOUND)
    vault(default=path).seal("of the other one")
    with pytest.raises(MasterKeyWrong) as raised:
        vault(default=path).open(sealed, *BOUND)
    assert raised.value.path == path
    with pytest.raises(MasterKeyWrong) as raised:
        vault(master(2), default=path).open(sealed, *BOUND)
    assert raised.value.path is None


def test_a_missing_file_is_said_and_no_second_one_is_made(path: Path):
    sealed = vault(default=path).seal(SECRET)
    path.unlink()
    with pytest.raises(MasterKeyMissing) as raised:
        vault(default=path).open(sealed)
    assert raised.value.path == path
    assert not path.exists()


def test_a_file_that_vanishes_from_under_a_living_process_is_not_made_again(path: Path):
    living = vault(default=path)
    living.seal(SECRET)
    path.unlink()
    for _ in range(2):
        with pytest.raises(MasterKeyMissing):
            living.seal(SECRET)
    with pytest.raises(MasterKeyMissing), living.rotation():
        pass
    assert not path.exists()


def test_nothing_is_made_before_the_first_secret_is_sealed(path: Path):
    vault(default=path)
    with pytest.raises(MasterKeyMissing):
        vault(default=path).open(steady().seal(SECRET))
    assert not path.parent.exists()


def test_the_file_is_made_once_for_its_owner_alone(path: Path):
    sealed = vault(default=path).seal(SECRET)
    [word] = words(path)
    assert word.startswith("k1_")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    again = vault(default=path)
    again.seal("another")
    assert words(path) == [word]
    assert again.open(sealed) == SECRET
    assert [one for one in path.parent.iterdir() if one.suffix != ".lock"] == [path]


def test_threads_that_make_the_file_at_the_same_time_agree(path: Path):
    together = threading.Barrier(8)

    def seal(number: int) -> bytes:
        own = vault(default=path)
        together.wait(timeout=30)
        return own.seal(f"secret {number}")

    with ThreadPoolExecutor(8) as pool:
        tokens = list(pool.map(seal, range(8)))
    reader = vault(default=path)
    assert [reader.open(token) for token in tokens] == [f"secret {n}" for n in range(8)]
    assert [one for one in path.parent.iterdir() if one.suffix != ".lock"] == [path]


_MAKER = """
import sys
from pathlib import Path
from core.adapters.vault import Vault
made = Vault(text=None, file=None, default=Path(sys.argv[1]))
import cryptography.hazmat.primitives.ciphers.aead
print("ready", flush=True)
sys.stdin.readline()
print(made.seal("of a process").hex())
"""


def test_processes_that_make_the_file_at_the_same_time_agree(path: Path):
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", _MAKER, str(path)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for maker in makers:
        assert maker.stdout is not None
        assert maker.stdout.readline() == "ready\n"
    for maker in makers:
        assert maker.stdin is not None
        maker.stdin.write("\n")
        maker.stdin.flush()
    tokens = [maker.communicate(timeout=30)[0].strip() for maker in makers]
    assert [vault(default=path).open(bytes.fromhex(token)) for token in tokens] == [
        "of a process"
    ] * 3


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "k1_",
        "k2_" + master()[3:],
        master()[:-1],
        master() + "A",
        master().replace("_", "-", 1),
        master()[:-4] + "!!!!",
        f"{master()}\nsomething else",
        "k1_ключ",
    ],
)
def test_a_master_key_that_is_none_is_unreadable(text: str, path: Path):
    with pytest.raises(MasterKeyUnreadable) as raised:
        vault(text, default=path).seal(SECRET)
    assert raised.value.path is None
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    for named in (None, path):
        with pytest.raises(MasterKeyUnreadable) as raised:
            vault(file=named, default=path).seal(SECRET)
        assert raised.value.path == path
    assert path.read_text("utf-8") == text


def test_a_file_that_is_no_text_or_a_folder_is_unreadable(path: Path):
    path.mkdir(parents=True)
    with pytest.raises(MasterKeyUnreadable):
        vault(default=path).seal(SECRET)
    path.rmdir()
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(MasterKeyUnreadable):
        vault(default=path).seal(SECRET)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path):
    (tmp_path / "config").touch()
    with pytest.raises((StoreUnwritable, MasterKeyUnreadable)):
        vault(default=tmp_path / "config" / "master.key").seal(SECRET)


def test_spaces_and_line_ends_around_a_master_key_do_not_matter(path: Path):
    sealed = steady().seal(SECRET)
    assert vault(f"  {master()}\r\n", default=path).open(sealed) == SECRET
    path.parent.mkdir()
    path.write_text(f"\n{master()}", "utf-8")
    assert vault(default=path).open(sealed) == SECRET


def test_a_text_wins_over_the_default_file_and_a_named_file_too(path: Path, tmp_path: Path):
    vault(default=path).seal("of the default")
    named = tmp_path / "named"
    named.write_text(master(), "utf-8")
    for chosen in (vault(master(), default=path), vault(file=named, default=path)):
        assert chosen.open(steady().seal(SECRET)) == SECRET
        assert steady().open(chosen.seal(SECRET)) == SECRET


def test_a_named_file_that_is_missing_is_never_made(path: Path, tmp_path: Path):
    named = tmp_path / "secrets" / "named"
    for text in (None, master()):
        with pytest.raises(MasterKeyMissing) as raised:
            vault(text, file=named, default=path).seal(SECRET)
        assert raised.value.path == named
    assert not named.exists()
    assert not path.exists()


def test_two_sources_that_differ_are_refused_at_once(path: Path, tmp_path: Path):
    named = tmp_path / "named"
    named.write_text(f"{master(2)}\n", "utf-8")
    with pytest.raises(MasterKeysDiffer) as raised:
        vault(master(1), file=named, default=path)
    assert raised.value.path == named
    same = vault(f"{master(2)} ", file=named, default=path)
    assert same.open(vault(master(2), default=path).seal(SECRET)) == SECRET


def test_after_a_rotation_the_old_key_is_gone_and_the_new_one_seals(path: Path):
    own = vault(default=path)
    before = own.seal(SECRET, *BOUND)
    [old] = words(path)
    with own.rotation():
        assert own.open(before, *BOUND) == SECRET
        after = own.seal(SECRET, *BOUND)
    [new] = words(path)
    assert new != old
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one for one in path.parent.iterdir() if one.suffix != ".lock"] == [path]
    for reader in (own, vault(default=path)):
        assert reader.open(after, *BOUND) == SECRET
        with pytest.raises(MasterKeyWrong):
            reader.open(before, *BOUND)


def test_a_kill_within_a_rotation_leaves_a_ring_that_opens_everything(path: Path):
    """Three are begun and never ended; each leaves tokens of its own."""
    tokens = [vault(default=path).seal("0")]
    for number in range(1, 4):
        killed = vault(default=path)
        killed.rotation().__enter__()
        tokens.append(killed.seal(str(number)))
        assert [vault(default=path).open(token) for token in tokens] == list("0123"[: number + 1])
    assert len(words(path)) == 4
    own = vault(default=path)
    with own.rotation():
        tokens = [own.seal(own.open(token)) for token in tokens]
    assert len(words(path)) == 1
    assert [vault(default=path).open(token) for token in tokens] == list("0123")


def test_what_fails_within_a_rotation_leaves_both_keys(path: Path):
    own = vault(default=path)
    before = own.seal(SECRET)
    after = b""
    with pytest.raises(ZeroDivisionError), own.rotation():
        after = own.seal(SECRET)
        raise ZeroDivisionError
    assert [vault(default=path).open(token) for token in (before, after)] == [SECRET, SECRET]


def test_the_disk_is_told_of_every_new_key_before_anything_is_sealed_with_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    real, synced = os.fsync, list[str]()

    def fsync(handle: int) -> None:
        synced.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    own = vault(default=path)
    own.seal(SECRET)
    assert synced == ["file", "folder"]
    with own.rotation():
        assert synced == ["file", "folder"] * 2
    assert synced == ["file", "folder"] * 3


def test_a_ring_that_cannot_be_written_changes_nothing_and_leaves_no_key_about(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    own = vault(default=path)
    sealed = own.seal(SECRET)
    [old] = words(path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreUnwritable), own.rotation():
        raise AssertionError
    with pytest.raises(StoreUnwritable):
        vault(default=path.with_name("other")).seal(SECRET)
    assert [one for one in path.parent.iterdir() if one.suffix != ".lock"] == [path]
    assert words(path) == [old]
    assert own.open(sealed) == SECRET


def test_another_process_rotation_is_noticed_when_opening_and_when_sealing(path: Path):
    living, other = vault(default=path), vault(default=path)
    before = living.seal(SECRET)
    with other.rotation():
        moved = other.seal(other.open(before))
        assert living.open(moved) == SECRET
        assert vault(default=path).open(living.seal(SECRET)) == SECRET
    with other.rotation():
        pass
    assert other.open(living.seal(SECRET)) == SECRET


def test_a_rotation_waits_for_another_one_and_says_so_in_the_end(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "_PATIENCE", 0.05)
    one, two = vault(default=path), vault(default=path)
    first = one.seal(SECRET)
    with one.rotation():
        token = one.seal(one.open(first))
        with pytest.raises(StoreLocked), two.rotation():
            pass
    with two.rotation():
        token = two.seal(two.open(token))
    assert len(words(path)) == 1
    assert vault(default=path).open(token) == SECRET


@pytest.mark.parametrize("drawn", [b"\xfb\xef\xff" + b"a" * 29, b"\x00" * 32])
def test_thirty_two_bytes_that_the_operator_drew_himself_are_a_master_key(
    path: Path, drawn: bytes
):
    text = base64.b64encode(drawn).decode()
    token = vault(text=text, default=path).seal(SECRET)
    ours = "k1_" + base64.urlsafe_b64encode(drawn).decode().rstrip("=")
    assert vault(text=ours, default=path).open(token) == SECRET


def test_a_key_from_the_environment_cannot_be_rotated(path: Path):
    with pytest.raises(MasterKeyFixed), vault(master(), default=path).rotation():
        pass


def test_a_named_file_is_rotated_in_its_place(path: Path, tmp_path: Path):
    named = tmp_path / "named"
    named.write_text(master(), "utf-8")
    with vault(file=named, default=path).rotation():
        pass
    assert words(named) != [master()]
    assert not path.exists()


def holding(path: Path, text: str) -> Path:
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    return path


REFUSALS: dict[str, Callable[[Path], object]] = {
    "broken": lambda _: steady().open(steady().seal(SECRET), SECRET),
    "wrong": lambda path: vault(master(2), default=path).open(steady().seal(SECRET)),
    "unreadable": lambda path: vault(master() + SECRET, default=path).seal(SECRET),
    "unreadable file": lambda path: vault(default=holding(path, master()[:-1])).seal(SECRET),
    "differ": lambda path: vault(master(), file=holding(path, master(2)), default=path),
    "missing": lambda path: vault(file=path, default=path).seal(SECRET),
    "fixed": lambda path: vault(master(), default=path).rotation().__enter__(),
}


@pytest.mark.parametrize("refused", REFUSALS.values(), ids=REFUSALS)
def test_no_refusal_shows_a_secret(refused: Callable[[Path], object], path: Path):
    with pytest.raises(VaultError) as raised:
        refused(path)
    error: BaseException | None = raised.value
    shown = ""
    while error:  # hidden contexts as well: a debugger or a log may print them
        shown += f"{error} {error!r} {error.args} " + "".join(traceback.format_exception(error))
        error = error.__cause__ or error.__context__
    assert [
        hidden for hidden in (SECRET, master()[3:-1], master(2)[3:-1]) if hidden in shown
    ] == []


def test_a_vault_shows_neither_its_keys_nor_their_material(path: Path):
    own = vault(master(), default=path)
    own.seal(SECRET)
    shown = f"{own} {own!r} {own._ring!r}"
    assert master()[3:] not in shown
    assert repr(own._ring[0].key)[2:-1] not in shown

import base64
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout

from core.errors import (
    MasterKeyFixed,
    MasterKeyMissing,
    MasterKeysDiffer,
    MasterKeyUnreadable,
    MasterKeyWrong,
    SealBroken,
    StoreLocked,
    StoreUnwritable,
)

_VERSION = b"\x01"
_ID, _NONCE, _TAG = 4, 12, 16  # bytes
_HEAD = len(_VERSION) + _ID
_PREFIX = "k1_"  # ours; 32 bytes of base64 that an operator drew himself are taken as well
_URL_SAFE = str.maketrans("+/", "-_")
_SECRET = 32
_PATIENCE = 10.0  # seconds to wait for another rotation


@dataclass(frozen=True, slots=True, kw_only=True)
class _MasterKey:
    """What a master secret becomes: the key that seals, and the id that its seals carry."""

    text: str = field(repr=False)
    id: bytes
    key: bytes = field(repr=False)

    @classmethod
    def read(cls, text: str) -> "_MasterKey":
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        body = text.removeprefix(_PREFIX).translate(_URL_SAFE).rstrip("=")
        secret = base64.b64decode(body + "=" * (-len(body) % 4), b"-_", validate=True)
        if len(secret) != _SECRET:
            raise ValueError
        derived = HKDF(SHA256(), _SECRET + _ID, salt=None, info=b"omniimage vault 1")
        material = derived.derive(secret)
        return cls(text=text, key=material[:_SECRET], id=material[_SECRET:])

    @classmethod
    def make(cls) -> "_MasterKey":
        body = base64.urlsafe_b64encode(secrets.token_bytes(_SECRET)).decode().rstrip("=")
        return cls.read(_PREFIX + body)


class Vault:
    """AES-256-GCM under a ring of master keys: the first seals, all open.

    A token is version 1 | key id 4 | nonce 12 | ciphertext and tag. What it is bound to is its
    associated data, length-prefixed, so that no row opens under another owner or address.
    """

    def __init__(self, *, text: str | None, file: Path | None, default: Path) -> None:
        self._text = text
        self._file = file.resolve() if file else None  # a link stays one
        self._default = default
        self._ring: tuple[_MasterKey, ...] = ()
        if text is not None and file is not None and text.split() != _text_of(file).split():
            raise MasterKeysDiffer(path=file)

    def seal(self, secret: str, *bound: str) -> bytes:
        return _seal(self._current()[0], secret, bound)

    def open(self, sealed: bytes, *bound: str) -> str:
        if len(sealed) < _HEAD + _NONCE + _TAG or sealed[:1] != _VERSION:
            raise SealBroken
        return _open(self._key(sealed[1:_HEAD]), sealed, bound)

    @contextmanager
    def rotation(self) -> Iterator[None]:
        """A kill at any point leaves a ring on disk that opens everything."""
        if self._text is not None:
            raise MasterKeyFixed
        with self._alone():
            old = self._current()
            new = _MasterKey.make()
            self._write((new, *old))
            yield
            self._write((new,))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One rotation at a time: two would take each other's new key for an old one."""
        path = self._place
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(path.with_name(f"{path.name}.lock"), timeout=_PATIENCE):
                yield
        except Timeout:
            raise StoreLocked from None

    def _key(self, key_id: bytes) -> _MasterKey:
        for again in (False, True):  # another process may have rotated
            ring = self._loaded(again=again)
            if not ring:
                raise MasterKeyMissing(path=self._place)
            for key in ring:
                if key.id == key_id:
                    return key
        raise MasterKeyWrong(path=self._named)

    @property
    def _place(self) -> Path:
        return self._file or self._default

    @property
    def _named(self) -> Path | None:
        """None: the key was given as a text, not as a file."""
        return self._place if self._text is None else None

    def _current(self) -> tuple[_MasterKey, ...]:
        """What seals from now on: another process may have rotated. Never made a second time."""
        ring = self._read()
        if self._ring and not ring:
            raise MasterKeyMissing(path=self._place)
        self._ring = ring or self._made()
        return self._ring

    def _loaded(self, *, again: bool = False) -> tuple[_MasterKey, ...]:
        if again or not self._ring:
            self._ring = self._read()
        return self._ring

    def _read(self) -> tuple[_MasterKey, ...]:
        text = self._text
        if text is None:
            try:
                text = _text_of(self._place)
            except MasterKeyMissing:
                if self._file:
                    raise
                return ()
        try:
            ring = tuple(_MasterKey.read(word) for word in text.split())
        except ValueError:
            raise MasterKeyUnreadable(path=self._named) from None
        if not ring:
            raise MasterKeyUnreadable(path=self._named)
        return ring

    def _made(self) -> tuple[_MasterKey, ...]:
        """Once: whoever makes the file first wins, the other process reads it."""
        path = self._place
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _written((_MasterKey.make(),), path.parent) as new, suppress(FileExistsError):
                path.hardlink_to(new)
            _sync_folder(path.parent)
        except OSError as error:
            raise StoreUnwritable(path=path) from error
        return self._loaded(again=True)

    def _write(self, ring: tuple[_MasterKey, ...]) -> None:
        path = self._place
        try:
            with _written(ring, path.parent) as new:
                new.replace(path)
            _sync_folder(path.parent)
        except OSError as error:
            raise StoreUnwritable(path=path) from error
        self._ring = ring


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise MasterKeyMissing(path=path) from None
    except (OSError, UnicodeDecodeError):
        raise MasterKeyUnreadable(path=path) from None


@contextmanager
def _written(ring: tuple[_MasterKey, ...], folder: Path) -> Iterator[Path]:
    """A file that holds the ring, for its owner alone; gone at the end, unless it was renamed."""
    handle, name = tempfile.mkstemp(prefix=".tmp-", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines(f"{key.text}\n" for key in ring)
            file.flush()
            os.fsync(file.fileno())
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _sync_folder(path: Path) -> None:
    """Before anything is sealed with a new key, its file must survive a power cut."""
    if os.name == "nt":  # has no handle on folders and needs none
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _seal(master: _MasterKey, secret: str, bound: tuple[str, ...]) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(_NONCE)
    data = _associated(master.id, bound)
    return _VERSION + master.id + nonce + AESGCM(master.key).encrypt(nonce, secret.encode(), data)


def _open(master: _MasterKey, sealed: bytes, bound: tuple[str, ...]) -> str:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce, body = sealed[_HEAD : _HEAD + _NONCE], sealed[_HEAD + _NONCE :]
    try:
        return AESGCM(master.key).decrypt(nonce, body, _associated(master.id, bound)).decode()
    except InvalidTag:
        raise SealBroken from None


def _associated(key_id: bytes, bound: tuple[str, ...]) -> bytes:
    texts = [text.encode() for text in bound]
    return _VERSION + key_id + b"".join(len(text).to_bytes(4) + text for text in texts)

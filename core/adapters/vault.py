import base64
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from core.errors import (
    MasterKeyFixed,
    MasterKeyMissing,
    MasterKeyUnreadable,
    MasterKeyWrong,
    SealBroken,
    StoreUnwritable,
)

_VERSION = b"\x01"
_ID, _NONCE, _TAG = 4, 12, 16  # bytes
_HEAD = len(_VERSION) + _ID
_PREFIX = "k1_"
_SECRET = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class _MasterKey:
    """What a master secret becomes: the key that seals, and the id that its seals carry."""

    text: str
    id: bytes
    key: bytes

    @classmethod
    def read(cls, text: str) -> "_MasterKey":
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        if not text.startswith(_PREFIX):
            raise ValueError
        body = text.removeprefix(_PREFIX)
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
        self._file = file
        self._default = default
        self._ring: tuple[_MasterKey, ...] = ()

    def seal(self, secret: str, *bound: str) -> bytes:
        ring = self._loaded() or self._made()
        return _seal(ring[0], secret, bound)

    def open(self, sealed: bytes, *bound: str) -> str:
        if len(sealed) < _HEAD + _NONCE + _TAG or sealed[:1] != _VERSION:
            raise SealBroken
        return _open(self._key(sealed[1:_HEAD]), sealed, bound)

    @contextmanager
    def rotation(self) -> Iterator[None]:
        """A kill at any point leaves a ring on disk that opens everything."""
        if self._text is not None:
            raise MasterKeyFixed
        old = self._loaded() or self._made()
        new = _MasterKey.make()
        self._write((new, *old))
        yield
        self._write((new,))

    def _key(self, key_id: bytes) -> _MasterKey:
        for ring in (self._loaded(), self._loaded(again=True)):  # another process may have rotated
            if not ring:
                raise MasterKeyMissing(path=self._place)
            for key in ring:
                if key.id == key_id:
                    return key
        raise MasterKeyWrong(path=self._place)

    @property
    def _place(self) -> Path:
        return self._file or self._default

    def _loaded(self, *, again: bool = False) -> tuple[_MasterKey, ...]:
        if again or not self._ring:
            self._ring = self._read()
        return self._ring

    def _read(self) -> tuple[_MasterKey, ...]:
        text = self._text
        if text is None:
            try:
                text = self._place.read_text("utf-8")
            except FileNotFoundError:
                if self._file:
                    raise MasterKeyMissing(path=self._file) from None
                return ()
            except (OSError, UnicodeDecodeError):
                raise MasterKeyUnreadable(path=self._place) from None
        try:
            ring = tuple(_MasterKey.read(word) for word in text.split())
        except ValueError:
            raise MasterKeyUnreadable(path=self._place) from None
        if not ring:
            raise MasterKeyUnreadable(path=self._place)
        return ring

    def _made(self) -> tuple[_MasterKey, ...]:
        """Once: whoever makes the file first wins, the other process reads it."""
        path = self._place
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".tmp-", dir=path.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(f"{_MasterKey.make().text}\n")
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(name, path)
            Path(name).unlink()
        except OSError as error:
            raise StoreUnwritable(path=path) from error
        return self._loaded(again=True)

    def _write(self, ring: tuple[_MasterKey, ...]) -> None:
        path = self._place
        try:
            handle, name = tempfile.mkstemp(prefix=".tmp-", dir=path.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.writelines(f"{key.text}\n" for key in ring)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except OSError as error:
            raise StoreUnwritable(path=path) from error
        self._ring = ring


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

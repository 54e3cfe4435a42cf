"""What is refused at once. A failed attempt is no error but a value (`core.models.failure`).

OmniImageError
├── WrongUse                 the request itself cannot be met; nothing was started
│   ├── EmptyPrompt
│   ├── LongPrompt           length, limit
│   ├── UnknownModel         model, nearest
│   ├── UnknownProvider      provider, known
│   ├── RetiredModel         model, successor
│   ├── KeyNotNeeded         provider: its models are asked without a key
│   ├── EmptyKey             provider: nothing was given, or nothing that a key can be
│   ├── BadBaseUrl           provider, problem
│   ├── TooMany              what, asked, limit
│   ├── UnknownSet           name, known: no set of models of that owner
│   ├── BadSetName           name: not 1 to 32 letters, digits, - or _
│   ├── UnknownLanguage      language: not a code such as en, zh, pt-BR
│   ├── UnknownWeights       name, known: no model of the cut-out, or one that is not offered
│   └── BadSetting           path, problem, line (configuration and environment)
├── NoTextKey                providers: each has text models, and there is a key for none of them
├── NotAllowed               action: the policy says no
├── Barred                   what the operator's configuration does not let in
│   ├── NotHere              what: this server, this channel, with these roles, or this person
│   ├── ModelNotAllowed      model, allowed
│   ├── BlockedWord          word
│   └── NotPrivate           results stay where they were asked for
├── UnknownId                id: not there, or another owner's
├── StillRunning             id: the job has not ended
├── NothingToRetry           id: every attempt has its picture
├── UnreadableText           what was given as text is not UTF-8
├── VaultError               keys that lie sealed, and the master key that opens them
│   ├── MasterKeyMissing     path: sealed keys are there, or the file was named
│   ├── MasterKeyWrong       path: the sealed keys need another one
│   ├── MasterKeyUnreadable  path
│   ├── MasterKeysDiffer     path: the file and the variable name two
│   ├── MasterKeyFixed       it comes from the environment, so nobody can rotate it here
│   └── SealBroken           a sealed key was altered, cut, or moved from where it belongs
├── AlreadyRunning           path: another `omniimage run` works on this data
├── BadImage                 kind: bytes that do not become a picture
├── NoWeights                file, checksum, folder, found: no source answered; who has the file
│                            puts it there; `found` is the sum of a wrong one that lies there
├── WrongWeights             path, checksum: not what was released under any name
└── StoreError
    ├── StoreLocked          another program holds the database
    ├── StoreFull            no space left, or too little to begin
    ├── StoreUnwritable      path
    ├── StoreDamaged         path: not a database, or a kept file is gone
    ├── NewerSchema          found, known
    └── LostJob              id: another runner has it now; this one writes nothing more

Sentences for people are made in `bot.words`; exceptions carry fields only.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(eq=False, kw_only=True)
class OmniImageError(Exception):
    """Root of everything that OmniImage refuses knowingly."""


@dataclass(eq=False, kw_only=True)
class WrongUse(OmniImageError):
    pass


@dataclass(eq=False, kw_only=True)
class EmptyPrompt(WrongUse):
    pass


@dataclass(eq=False, kw_only=True)
class LongPrompt(WrongUse):
    length: int
    limit: int


@dataclass(eq=False, kw_only=True)
class UnknownModel(WrongUse):
    model: str
    nearest: str | None


@dataclass(eq=False, kw_only=True)
class UnknownProvider(WrongUse):
    provider: str
    known: tuple[str, ...]


@dataclass(eq=False, kw_only=True)
class RetiredModel(WrongUse):
    model: str
    successor: str


@dataclass(eq=False, kw_only=True)
class TooMany(WrongUse):
    what: Literal["models", "count", "attempts", "jobs", "tiles", "sources", "day", "sets"]
    asked: int
    limit: int


@dataclass(eq=False, kw_only=True)
class BadSetting(WrongUse):
    path: str
    problem: Literal["unknown", "invalid", "missing_file", "unreadable", "syntax"]
    line: int = 0  # of the file, where its syntax is broken


@dataclass(eq=False, kw_only=True)
class UnknownSet(WrongUse):
    name: str
    known: tuple[str, ...]


@dataclass(eq=False, kw_only=True)
class BadSetName(WrongUse):
    name: str


@dataclass(eq=False, kw_only=True)
class UnknownLanguage(WrongUse):
    language: str


@dataclass(eq=False, kw_only=True)
class NoTextKey(OmniImageError):
    providers: tuple[str, ...]


@dataclass(eq=False, kw_only=True)
class NotAllowed(OmniImageError):
    action: str


@dataclass(eq=False, kw_only=True)
class Barred(OmniImageError):
    pass


@dataclass(eq=False, kw_only=True)
class NotHere(Barred):
    what: Literal["server", "channel", "role", "user"]


@dataclass(eq=False, kw_only=True)
class ModelNotAllowed(Barred):
    model: str
    allowed: tuple[str, ...]  # as the operator wrote them: ids, or provider/*


@dataclass(eq=False, kw_only=True)
class BlockedWord(Barred):
    word: str  # as the operator wrote it


@dataclass(eq=False, kw_only=True)
class NotPrivate(Barred):
    pass


@dataclass(eq=False, kw_only=True)
class AlreadyRunning(OmniImageError):
    path: Path


@dataclass(eq=False, kw_only=True)
class UnknownId(OmniImageError):
    id: str


@dataclass(eq=False, kw_only=True)
class StillRunning(OmniImageError):
    id: str


@dataclass(eq=False, kw_only=True)
class NothingToRetry(OmniImageError):
    id: str


@dataclass(eq=False, kw_only=True)
class UnreadableText(OmniImageError):
    pass


@dataclass(eq=False, kw_only=True)
class KeyNotNeeded(WrongUse):
    provider: str


@dataclass(eq=False, kw_only=True)
class EmptyKey(WrongUse):
    provider: str


@dataclass(eq=False, kw_only=True)
class BadBaseUrl(WrongUse):
    provider: str
    problem: Literal["missing", "not_taken", "invalid", "not_https"]


@dataclass(eq=False, kw_only=True)
class VaultError(OmniImageError):
    pass


@dataclass(eq=False, kw_only=True)
class MasterKeyMissing(VaultError):
    path: Path


@dataclass(eq=False, kw_only=True)
class MasterKeyWrong(VaultError):
    path: Path | None  # None: it came from OMNIIMAGE_MASTER_KEY


@dataclass(eq=False, kw_only=True)
class MasterKeyUnreadable(VaultError):
    path: Path | None  # None: it came from OMNIIMAGE_MASTER_KEY


@dataclass(eq=False, kw_only=True)
class MasterKeysDiffer(VaultError):
    path: Path


@dataclass(eq=False, kw_only=True)
class MasterKeyFixed(VaultError):
    pass


@dataclass(eq=False, kw_only=True)
class SealBroken(VaultError):
    pass


@dataclass(eq=False, kw_only=True)
class BadImage(OmniImageError):
    kind: Literal["garbage", "truncated", "too_large", "animated", "empty"]


@dataclass(eq=False, kw_only=True)
class UnknownWeights(WrongUse):
    name: str
    known: tuple[str, ...]


@dataclass(eq=False, kw_only=True)
class NoWeights(OmniImageError):
    file: str
    checksum: str
    folder: Path
    found: str | None = None


@dataclass(eq=False, kw_only=True)
class WrongWeights(OmniImageError):
    path: Path
    checksum: str


@dataclass(eq=False, kw_only=True)
class StoreError(OmniImageError):
    pass


@dataclass(eq=False, kw_only=True)
class StoreLocked(StoreError):
    pass


@dataclass(eq=False, kw_only=True)
class StoreFull(StoreError):
    pass


@dataclass(eq=False, kw_only=True)
class StoreUnwritable(StoreError):
    path: Path


@dataclass(eq=False, kw_only=True)
class StoreDamaged(StoreError):
    path: Path


@dataclass(eq=False, kw_only=True)
class NewerSchema(StoreError):
    found: int
    known: int


@dataclass(eq=False, kw_only=True)
class LostJob(StoreError):
    id: str

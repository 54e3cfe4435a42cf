"""The rules of application commands, and finding one as a person does."""

from typing import Any, Final

from tests.servers.discord.components import limited
from tests.servers.discord.refused import form
from tests.servers.discord.things import Channel, Json

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE = range(1, 9)
MENTIONABLE, NUMBER, ATTACHMENT = 9, 10, 11
CHAT, ON_USER, ON_MESSAGE = 1, 2, 3
_MOST: Final = {CHAT: 100, ON_USER: 15, ON_MESSAGE: 15}
_LOCALES: Final = frozenset(
    [
        "id",
        "da",
        "de",
        "en-GB",
        "en-US",
        "es-ES",
        "es-419",
        "fr",
        "hr",
        "it",
        "lt",
        "hu",
        "nl",
        "no",
        "pl",
        "pt-BR",
        "ro",
        "fi",
        "sv-SE",
        "vi",
        "tr",
        "cs",
        "el",
        "bg",
        "ru",
        "uk",
        "hi",
        "th",
        "zh-CN",
        "ja",
        "zh-TW",
        "ko",
    ]
)


def check(listed: list[Json]) -> None:
    """Refused (50035) where a list of commands breaks a rule."""
    for kind, most in _MOST.items():
        names = [command["name"] for command in listed if command.get("type", CHAT) == kind]
        if len(names) > most:
            raise form("", "APPLICATION_COMMANDS_TOO_MANY", f"At most {most} of type {kind}")
        if len(set(names)) != len(names):
            raise form("", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Names must be unique")
    for index, command in enumerate(listed):
        _command(command, str(index))


def _command(command: Json, path: str) -> None:
    if command.get("type", CHAT) != CHAT:
        limited(command, "name", path, 1, 32, required=True)
        if command.get("description") or command.get("options"):
            raise form(f"{path}.description", "BASE_TYPE_BAD_LENGTH", "A menu has no description")
        return
    _entry(command, path)
    for locale in _LOCALES:
        if _size(command, locale) > 8000:
            raise form(
                path,
                "APPLICATION_COMMAND_TOO_LARGE",
                f"Command exceeds maximum size (8000) in {locale}",
            )


def _entry(entry: Json, path: str) -> None:
    """Name, description and options of a command, a group, a subcommand or an option."""
    for name in (entry.get("name"), *(entry.get("name_localizations") or {}).values()):
        if not _is_name(name):
            raise form(f"{path}.name", "APPLICATION_COMMAND_INVALID_NAME", f"Bad name: {name!r}")
    limited(entry, "description", path, 1, 100, required=True)
    for field, most in (("name_localizations", 32), ("description_localizations", 100)):
        spelt = entry.get(field) or {}
        for locale in spelt:
            if locale not in _LOCALES:
                raise form(f"{path}.{field}", "BASE_TYPE_CHOICES", f"No locale {locale}")
            limited(spelt, locale, f"{path}.{field}", 1, most)
    _options(entry.get("options") or [], f"{path}.options")


def _is_name(name: Any) -> bool:
    if not isinstance(name, str) or not 1 <= len(name) <= 32:
        return False
    return name == name.lower() and all(sign in "-_'" or sign.isalnum() for sign in name)


def _options(entries: list[Json], path: str) -> None:
    if len(entries) > 25:
        raise form(path, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    names = [entry.get("name") for entry in entries]
    if len(set(names)) != len(names):
        raise form(path, "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED", "Duplicated option name")
    required = [bool(entry.get("required")) for entry in entries]
    if required != sorted(required, reverse=True):
        raise form(path, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required come first")
    for index, entry in enumerate(entries):
        _entry(entry, f"{path}.{index}")
        _choices(entry, f"{path}.{index}")


def _choices(entry: Json, path: str) -> None:
    choices = entry.get("choices") or []
    if choices and entry.get("autocomplete"):
        raise form(path, "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", "One or the other")
    check_choices(choices, f"{path}.choices", entry.get("type", STRING))


def check_choices(choices: list[Json], path: str, kind: int = STRING) -> None:
    """Also of an answer to autocomplete: at most 25, names and values up to 100 signs."""
    if len(choices) > 25:
        raise form(path, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    for index, choice in enumerate(choices):
        limited(choice, "name", f"{path}.{index}", 1, 100, required=True)
        if kind == STRING:
            limited(choice, "value", f"{path}.{index}", 0, 100, required=True)


def _size(entry: Json, locale: str) -> int:
    """Signs of names, descriptions and values, in the longer of this locale and the default."""
    total = len(str(entry.get("value", "")))
    for name in ("name", "description"):
        spelt = (entry.get(f"{name}_localizations") or {}).get(locale) or ""
        total += max(len(entry.get(name) or ""), len(spelt))
    for part in (*(entry.get("options") or []), *(entry.get("choices") or [])):
        total += _size(part, locale)
    return total


def shown(entry: Json, name: str, locale: str) -> str:
    """Its name or description in the person's language."""
    return str((entry.get(f"{name}_localizations") or {}).get(locale) or entry.get(name) or "")


def offered(command: Json, channel: Channel) -> bool:
    """Whether Discord shows it in this place."""
    kinds = command.get("integration_types") or [0]
    contexts = command.get("contexts")
    here = 0 if channel.guild else 1 if channel.kind == 1 else 2
    if contexts is not None and here not in contexts:
        return False
    by_guild = channel.with_bot and 0 in kinds
    return by_guild or 1 in kinds


def find(listed: list[Json], path: list[str], kind: int, locale: str) -> tuple[Json, list[Json]]:
    """The command and the chain of group and subcommand below it; LookupError with what there is.

    Names are meant in the person's language or as they are by default.
    """
    level = [command for command in listed if command.get("type", CHAT) == kind]
    chain: list[Json] = []
    for step in path:
        named = [e for e in level if step in (e["name"], shown(e, "name", locale))]
        if not named:
            raise LookupError(f"no {step!r} among {sorted(e['name'] for e in level)}")
        chain.append(named[0])
        level = [o for o in named[0].get("options") or [] if o["type"] in (SUBCOMMAND, GROUP)]
    if level and kind == CHAT:
        raise LookupError(f"{path} needs one of {sorted(e['name'] for e in level)}")
    return chain[0], chain[1:]

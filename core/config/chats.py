"""The sections of the chats: who may use the bots, and how each front end reaches its server."""

import re
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BeforeValidator, Field, PositiveInt, SecretStr

from core.config.section import APath, Section, a_server
from core.errors import BadSetting
from core.models.provider import is_server
from core.models.rules import HouseRules


def _gateway(value: str) -> str:
    scheme, _, rest = value.partition("://")
    if scheme not in ("ws", "wss") or not is_server(f"http://{rest}"):
        raise ValueError(value)
    return value


def _an_id(value: object) -> object:
    """A number is taken as it is written; an id is one word."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and not re.fullmatch(r"(?:[a-z]+:(?:[a-z]+:)?)?-?\w+", value):
        raise ValueError(value)
    return value


AnId = Annotated[str, BeforeValidator(_an_id)]


class PolicySetting(Section):
    """Who may use the bots, and how much; the terminal is free of it."""

    servers: tuple[AnId, ...] = ()
    channels: tuple[AnId, ...] = ()
    roles: tuple[AnId, ...] = ()
    users: tuple[AnId, ...] = ()
    models: tuple[str, ...] = ()
    running: PositiveInt = 5
    per_day: int = Field(default=0, ge=0)
    block_words: tuple[str, ...] = ()
    private: bool = True

    def rules(self) -> HouseRules:
        return HouseRules(**{name: getattr(self, name) for name in type(self).model_fields})


class _ChatSetting(Section):
    """A front end that is on when it has a token."""

    name: ClassVar[str]
    token: SecretStr | None = None
    token_file: APath | None = None  # read where `token` is not given

    def secret(self) -> str | None:
        """The token as it is sent; None: the front end is off. BadSetting, never its text."""
        if self.token is not None:
            return self._checked(self.token.get_secret_value(), "token")
        if self.token_file is None:
            return None
        try:
            text = self.token_file.read_text("utf-8")
        except FileNotFoundError as error:
            raise BadSetting(path=str(self.token_file), problem="missing_file") from error
        except (OSError, UnicodeDecodeError):
            raise BadSetting(path=str(self.token_file), problem="unreadable") from None
        return self._checked(text, "token_file")

    def _checked(self, text: str, setting: str) -> str:
        token = text.strip()
        if not token or " " in token or not (token.isascii() and token.isprintable()):
            raise BadSetting(path=f"{self.name}.{setting}", problem="invalid")
        return token


class DiscordSetting(_ChatSetting):
    name: ClassVar[str] = "discord"
    api_base: Annotated[str, AfterValidator(a_server)] | None = None  # None: Discord's own
    gateway: Annotated[str, AfterValidator(_gateway)] | None = None

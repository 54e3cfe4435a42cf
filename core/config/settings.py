import re
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    IPvAnyNetwork,
    PositiveInt,
    SecretStr,
)
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from typing_extensions import override

from core.config.chats import DiscordSetting, PolicySetting
from core.config.environment import PREFIX
from core.config.section import APath, Section, a_server
from core.ids import ModelId, ProviderId
from core.models.card import CardChange, FreeSize, Price, Span
from core.models.grid import Grid
from core.models.provider import is_server
from core.models.request import Quality, Ratio, Size


def _size(value: object) -> object:
    return Size.read(value) if isinstance(value, str) else value


def _ratio(value: object) -> object:
    return Ratio.read(value) if isinstance(value, str) else value


def _grid(value: object) -> object:
    return Grid.read(value) if isinstance(value, str) else value


ASize = Annotated[Size, BeforeValidator(_size)]
ARatio = Annotated[Ratio, BeforeValidator(_ratio)]
AGrid = Annotated[Grid, BeforeValidator(_grid)]


class Limits(Section):
    deadline: float = Field(default=180.0, gt=0, le=86_400)  # seconds of one attempt
    models: PositiveInt = 12  # of one comparison
    count: PositiveInt = 10  # pictures of one model
    attempts: int = Field(default=32, ge=1, le=32)  # of one comparison: what one sheet shows
    parallel: PositiveInt = 16  # attempts of one person at one provider at the same time
    sources: PositiveInt = 32  # of one use of a tool in a chat; the terminal has no limit


class Storage(Section):
    min_free_mib: int = Field(default=64, ge=0)  # nothing is begun below it


def _host_port(value: str) -> str:
    """By its form, and by a port that there is."""
    if not re.fullmatch(r"[^\s/@*]+:\d{1,5}", value) or not is_server(f"http://{value}"):
        raise ValueError(value)
    return value


def _proxy(value: str) -> str:
    """An http proxy; a name and a password may stand in front of its host."""
    scheme, _, rest = value.partition("://")
    if not is_server(f"{scheme}://{rest.rpartition('@')[2]}"):
        raise ValueError(value)
    return value


HostPort = Annotated[str, AfterValidator(_host_port)]


class Network(Section):
    # Local servers that may be reached although their address is private, plain http included.
    allow: tuple[HostPort, ...] = ()
    proxy: Annotated[str, AfterValidator(_proxy)] | None = None  # for everything
    fake_ip_ranges: tuple[IPvAnyNetwork, ...] = ()  # where a TUN proxy answers every name
    max_reply_mib: PositiveInt = 40  # of one reply or one picture


class ServerSetting(Section):
    """A server of the operator that speaks OpenAI's images API; its table names the provider."""

    base_url: Annotated[str, AfterValidator(a_server)]
    models: tuple[str, ...] = ()
    needs_key: bool = False


def _mirror(value: str) -> str:
    """A URL with `{file}` in its place."""
    if value.count("{file}") != 1 or not is_server(value.replace("{file}", "file")):
        raise ValueError(value)
    return value


class CutoutSetting(Section):
    better: str = "u2net"  # fetched in the background, then preferred; "none": never
    threads: PositiveInt | None = None  # of one cut-out, no more than cores; None: two
    memory_mib: int | None = Field(
        default=None, ge=512
    )  # of the child process; None: by the machine
    queue: PositiveInt = 64  # cut-outs that may wait
    idle_minutes: float = Field(default=10.0, gt=0)  # after which the child process ends
    weights_dir: APath | None = None  # None: `weights` in the data folder
    index: bool = True  # whether u2netp may come from the Python package index
    mirrors: tuple[Annotated[str, AfterValidator(_mirror)], ...] = (
        "https://github.com/danielgatis/rembg/releases/download/v0.0.0/{file}",
        "https://huggingface.co/tomjackson2023/rembg/resolve/main/{file}",
        "https://hf-mirror.com/tomjackson2023/rembg/resolve/main/{file}",
    )


class TextsSetting(Section):
    deadline: float = Field(default=60.0, gt=0, le=86_400)  # seconds of one call of a text model
    # Provider to its text model; these are preferred.
    models: dict[ProviderId, str] = Field(default_factory=dict)


class ToolsSetting(Section):
    metadata: bool = True  # prompt, model, seed, parameters inside what the tools make


ServerName = Annotated[ProviderId, Field(pattern=r"^[a-z][a-z0-9_-]*$")]


class FreeSizeSetting(Section):
    side: Span
    multiple: PositiveInt = 1
    most_pixels: PositiveInt | None = None
    natural: ASize


class CardSetting(Section):
    """A model's card, as far as the operator knows better."""

    sizes: tuple[ASize, ...] | None = None
    ratios: tuple[ARatio, ...] | None = None
    free_size: FreeSizeSetting | None = None
    seed: Span | None = None
    steps: Span | None = None
    qualities: tuple[Quality, ...] | None = None
    negative: bool | None = None
    price: Price | None = None
    grid: AGrid | None = None
    hidden: bool | None = None

    def change(self) -> CardChange:
        values: dict[str, Any] = {name: getattr(self, name) for name in type(self).model_fields}
        if self.free_size:
            free = self.free_size
            values["free_size"] = FreeSize(
                side=free.side,
                multiple=free.multiple,
                most_pixels=free.most_pixels,
                natural=free.natural,
            )
        return CardChange(**values)


class Settings(BaseSettings):
    """`config.example.toml` shows and explains every one; `OMNIIMAGE_A__B` sets `b` of `[a]`."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,
    )

    data_dir: APath = Field(
        default_factory=lambda: platformdirs.user_data_path("omniimage", appauthor=False)
    )
    config_dir: APath = Field(
        default_factory=lambda: platformdirs.user_config_path("omniimage", appauthor=False)
    )
    master_key: SecretStr | None = None
    master_key_file: Path | None = None
    language: Literal["", "en", "zh"] = ""
    limits: Limits = Limits()
    storage: Storage = Storage()
    network: Network = Network()
    tools: ToolsSetting = ToolsSetting()
    texts: TextsSetting = TextsSetting()
    cutout: CutoutSetting = CutoutSetting()
    policy: PolicySetting = PolicySetting()
    discord: DiscordSetting = DiscordSetting()
    servers: dict[ServerName, ServerSetting] = {}
    cards: dict[ModelId, CardSetting] = {}


def settings_over(file: dict[str, Any], options: dict[str, Any]) -> Settings:
    """Options win over the environment, the environment over the file."""

    class Layered(Settings):
        @classmethod
        @override
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return init_settings, env_settings, InitSettingsSource(settings_cls, file)

    return Layered(**options)

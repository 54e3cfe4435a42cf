"""What every section of the settings is made of."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from core.models.provider import is_server

APath = Annotated[Path, AfterValidator(Path.absolute)]  # a child process may stand elsewhere


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def a_server(value: str) -> str:
    if not is_server(value):
        raise ValueError(value)
    return value

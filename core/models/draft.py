from dataclasses import dataclass

from core.ids import JobId


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What became of a text, kept so that a person may still choose. Its id is the job's."""

    id: JobId
    original: str
    translated: str | None = None
    enhanced: str | None = None

    @property
    def text(self) -> str:
        """The furthest that it came."""
        return self.enhanced or self.translated or self.original

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(text for text in (self.original, self.translated, self.enhanced) if text)

import gettext
import io
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources

LANGUAGES = ("en", "zh")


def mark(sentence: str) -> str:
    """Leave a sentence in English for now: whoever shows it translates it then."""
    return sentence


class Speech:
    """One language. `_("Sentence with {field}.", field=...)`; English is the msgid itself."""

    def __init__(
        self, language: str, catalogue: gettext.NullTranslations, *, add_key: str = ""
    ) -> None:
        self.language = language
        self.add_key = add_key  # how one adds a key for {provider} in this front end
        self._catalogue = catalogue

    def __call__(self, sentence: str, /, **fields: object) -> str:
        return self._catalogue.gettext(sentence).format(**fields)

    def list(self, items: Iterable[object]) -> str:
        """Several names in a row, with this language's comma."""
        _ = self
        return _(", ").join(map(str, items))

    def n(self, singular: str, plural: str, count: int, /, **fields: object) -> str:
        """A sentence that depends on a number; `{count}` stands for it."""
        return self._catalogue.ngettext(singular, plural, count).format(count=count, **fields)


def speech_for(languages: Sequence[str], *, add_key: str = "/keys") -> Speech:
    """The first of a reader's languages that we speak, else English: zh_CN, zh-hans, en."""
    for name in languages:
        language = name.replace("-", "_").partition("_")[0].lower()
        if language in LANGUAGES:
            return Speech(language, _catalogue(language), add_key=add_key)
        if language in ("c", "posix"):
            break
    return Speech("en", _catalogue("en"), add_key=add_key)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    import polib  # reads the catalogue itself: no compiled copy that can grow stale

    file = resources.files(__name__.rpartition(".")[0]) / "catalogues" / f"{language}.po"
    catalogue = polib.pofile(file.read_text("utf-8"))
    return gettext.GNUTranslations(io.BytesIO(catalogue.to_binary()))

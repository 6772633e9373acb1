"""Draws the consent page from templates; what stands in them is escaped, whoever wrote it."""

from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from consent.model import Purpose, Role
from review_app import dates
from review_app.consent_page.labels import ANSWER_WORDS, HOLDING_WORDS, PAGE_LABELS, PERSON_WORDS
from review_app.consent_page.standing import Look, Standing
from review_app.translation import LANGUAGES, translator
from storage.settings import Settings

STATIC: Final = Path(__file__).parent / "static"
_TYPEFACES: Final = Path(str(files("font_source_sans_pro"))) / "files"
TYPEFACE: Final = {
    name: _TYPEFACES / name for name in ("SourceSansPro-Regular.otf", "SourceSansPro-Semibold.otf")
}
"""The files of the page's letters; telephones have none like them."""
_KIB: Final = 1024
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_LANGUAGE_NAMES: Final = {"da": "Dansk", "sv": "Svenska", "en": "English"}


class Words(dict[str, str]):
    """The page's words in the reader's language, and how days, sizes and places are written."""

    def __init__(self, language: str) -> None:
        say = translator(language)
        super().__init__({key: say(text) for key, text in PAGE_LABELS.items()})
        self.language = language
        self.answer_words = {event: say(text) for event, text in ANSWER_WORDS.items()}
        self.holding_words = {name: say(text) for name, text in HOLDING_WORDS.items()}
        self.person_words = {role: say(text) for role, text in PERSON_WORDS.items()}

    def day(self, value: date) -> str:
        """Return a day as people write it, with the year if it is not the conversation's own."""
        return dates.day(value, language=self.language)

    def moment(self, value: datetime) -> str:
        """Return a day and a time of day."""
        return dates.moment(value, language=self.language)

    def size(self, size: int) -> str:
        """Return a number of bytes in the unit that gives few digits."""
        for unit in ("B", "KB", "MB"):
            if size < _KIB:
                return f"{size} {unit}"
            size = round(size / _KIB)
        return f"{size} GB"

    def parts(self, look: Look) -> str:
        """Return which parts of a film were seen, such as "12:41–13:10"."""
        return ", ".join(
            f"{dates.film_time(start)}–{dates.film_time(end)}" for start, end in look.parts
        )


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of one site."""

    settings: Settings

    def draw(self, template: str, *, language: str, **values: object) -> str:
        """Return a page as HTML in a language."""
        return _TEMPLATES.get_template(template).render(
            words=Words(language),
            language=language,
            languages={code: _LANGUAGE_NAMES[code] for code in LANGUAGES},
            settings=self.settings,
            **values,
        )


def reader_of(standing: Standing) -> str:
    """Return for which reader the page's own sentences are written."""
    return {Role.YOUTH: "youth", Role.CUSTODY_HOLDER: "custody_holder"}.get(
        standing.person.role, "other"
    )


def other_purposes() -> tuple[Purpose, ...]:
    """Return what is asked beside supervision."""
    return tuple(purpose for purpose in Purpose if purpose is not Purpose.SUPERVISION)

"""What people are told before they answer, in words for each reader. The caller brings the text.

Each notice is dated data: an answer's evidence keeps the version that was shown. A text may name
the days a recording is kept, whom to ask and who hears complaints; ``fill`` puts them in.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from consent.days import birthday
from consent.errors import NoticeInvalid
from consent.gate import is_minor
from consent.model import Jurisdiction, Participant, Purpose, Role

LANGUAGES: Final = ("da", "sv", "en")
_PLACEHOLDER = re.compile(r"\{.*?\}")


class Audience(StrEnum):
    """Whom a notice is written for."""

    YOUTH_7_9 = "youth_7_9"
    YOUTH_10_12 = "youth_10_12"
    YOUTH_13_15 = "youth_13_15"
    YOUTH_16_17 = "youth_16_17"
    ADULT_YOUTH = "adult_youth"
    CUSTODY_HOLDER = "custody_holder"
    OTHER_PERSON = "other_person"


CHILDREN: Final = (
    Audience.YOUTH_7_9,
    Audience.YOUTH_10_12,
    Audience.YOUTH_13_15,
    Audience.YOUTH_16_17,
)
_FIRST_AGE: Final = {
    Audience.YOUTH_7_9: 0,
    Audience.YOUTH_10_12: 10,
    Audience.YOUTH_13_15: 13,
    Audience.YOUTH_16_17: 16,
}
"""Age in years from which a version is read. Who is younger than seven is read the first."""


class Passage(NamedTuple):
    """A heading and the sentences under it."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What one kind of reader is told, in one language.

    Attributes:
        version: The audience and the day the text came into force; evidence keeps it.
        filmed: What is filmed, and why.
        purposes: Each thing that is asked, by itself.
        seen: Who may see it, and when that must be told on.
        kept: For how long.
        choice: That a no costs nothing.
        stop: What happens when a yes is taken back.
        rights: What the reader may see, and who hears complaints.
        ask: Whom to ask.
    """

    audience: Audience
    language: str
    version: str
    in_force_from: date
    title: str
    intro: str
    filmed: Passage
    purposes: Mapping[Purpose, Passage]
    seen: Passage
    kept: Passage
    choice: Passage
    stop: Passage
    rights: Passage
    ask: Passage

    def passages(self) -> tuple[Passage, ...]:
        """Return every passage in the order of reading."""
        return (
            self.filmed,
            *self.purposes.values(),
            self.seen,
            self.kept,
            self.choice,
            self.stop,
            self.rights,
            self.ask,
        )


@dataclass(frozen=True, slots=True)
class Authority:
    """Who hears complaints about the use of personal data."""

    name: str
    address: str

    def __str__(self) -> str:
        """Return both as they are told in a text."""
        return f"{self.name}, {self.address.removeprefix('https://').removeprefix('www.')}"


_PASSAGES: Final[Mapping[str, frozenset[str]]] = {
    "filmed": frozenset(),
    "seen": frozenset(),
    "kept": frozenset({"{days}"}),
    "choice": frozenset(),
    "stop": frozenset(),
    "rights": frozenset({"{authority}"}),
    "ask": frozenset({"{contact}"}),
}
"""The passages beside the purposes, and what the text of each must leave open."""


def audience_for(participant: Participant, *, on: date, jurisdiction: Jurisdiction) -> Audience:
    """Return whose version a person is shown on a day.

    A youth whose birth date is unknown counts as under age and gets the version for thirteen
    to fifteen, which older ones can read without feeling talked down to.
    """
    match participant.role:
        case Role.CUSTODY_HOLDER:
            return Audience.CUSTODY_HOLDER
        case Role.YOUTH:
            return _youth(participant, on=on, jurisdiction=jurisdiction)
        case _:
            return Audience.OTHER_PERSON


def parse_notices(untrusted_text: str, *, audience: Audience) -> Mapping[str, Notice]:
    """Return an audience's notice in every language, from a TOML text.

    Raises:
        NoticeInvalid: A field is missing, unknown or impossible; the message names it.
    """
    fields = _toml(untrusted_text)
    in_force_from = fields.pop("in_force_from", None)
    if type(in_force_from) is not date:
        raise NoticeInvalid("in_force_from: a date such as 2026-11-01 is needed")
    _check_names(fields, LANGUAGES, place="")
    return MappingProxyType(
        {
            language: _notice(
                _table(fields, language, place=""),
                audience=audience,
                language=language,
                in_force_from=in_force_from,
            )
            for language in LANGUAGES
        }
    )


def parse_authorities(untrusted_text: str) -> Mapping[str, Authority]:
    """Return who hears complaints, by the jurisdiction's code, from a TOML text.

    Raises:
        NoticeInvalid: A field is missing, unknown or impossible; the message names it.
    """
    fields = _toml(untrusted_text)
    found = {}
    for code in fields:
        row = _table(fields, code, place="")
        _check_names(row, ("name", "address"), place=code)
        found[code] = Authority(_text(row, "name", place=code), _text(row, "address", place=code))
    return MappingProxyType(found)


def fill(notice: Notice, *, days: int, authority: str, contact: str) -> Notice:
    """Return the notice with what it leaves open: days kept, who hears complaints, whom to ask."""
    values = {"{days}": str(days), "{authority}": authority, "{contact}": contact}

    def filled(passage: Passage) -> Passage:
        text = _PLACEHOLDER.sub(lambda place: values[place.group()], passage.text)
        return Passage(passage.title, text)

    return replace(
        notice,
        kept=filled(notice.kept),
        rights=filled(notice.rights),
        ask=filled(notice.ask),
    )


def _youth(youth: Participant, *, on: date, jurisdiction: Jurisdiction) -> Audience:
    born = youth.birth_date
    if born is None:
        return Audience.YOUTH_13_15
    if not is_minor(youth, on=on, jurisdiction=jurisdiction):
        return Audience.ADULT_YOUTH
    read = [first for first in CHILDREN if birthday(born, age=_FIRST_AGE[first]) <= on]
    return read[-1] if read else CHILDREN[0]


def _notice(
    fields: dict[str, Any], *, audience: Audience, language: str, in_force_from: date
) -> Notice:
    _check_names(fields, ("title", "intro", "purposes", *_PASSAGES), place=language)
    purposes = _table(fields, "purposes", place=language)
    place = f"{language}.purposes"
    _check_names(purposes, tuple(Purpose), place=place)
    return Notice(
        audience=audience,
        language=language,
        version=f"{audience}-{in_force_from.isoformat()}",
        in_force_from=in_force_from,
        title=_text(fields, "title", place=language),
        intro=_text(fields, "intro", place=language),
        purposes=MappingProxyType({p: _passage(purposes, p, place=place) for p in Purpose}),
        **{
            name: _passage(fields, name, place=language, leaves_open=leaves_open)
            for name, leaves_open in _PASSAGES.items()
        },
    )


def _passage(
    fields: dict[str, Any], name: str, *, place: str, leaves_open: frozenset[str] = frozenset()
) -> Passage:
    row = _table(fields, name, place=place)
    at = f"{place}.{name}"
    _check_names(row, ("title", "text"), place=at)
    text = _text(row, "text", place=at)
    if set(_PLACEHOLDER.findall(text)) != leaves_open:
        needed = " and ".join(sorted(leaves_open)) or "nothing in braces"
        raise NoticeInvalid(f"{at}.text: {needed} is needed")
    return Passage(_text(row, "title", place=at), text)


def _toml(untrusted_text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(untrusted_text)
    except tomllib.TOMLDecodeError as error:
        raise NoticeInvalid(f"not TOML: {error}") from error


def _table(fields: dict[str, Any], name: str, *, place: str) -> dict[str, Any]:
    value = fields.get(name)
    if not isinstance(value, dict):
        raise NoticeInvalid(f"{_at(place, name)}: a table is needed")
    return value


def _text(fields: dict[str, Any], name: str, *, place: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value.strip():
        raise NoticeInvalid(f"{_at(place, name)}: text in quotes is needed")
    return value


def _check_names(fields: dict[str, Any], known: tuple[str, ...], *, place: str) -> None:
    for name in fields:
        if name not in known:
            raise NoticeInvalid(f"{_at(place, name)}: is not a field of a notice")


def _at(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name

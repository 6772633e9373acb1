"""Jurisdiction profiles: dated data, checked as they are read. The caller brings the text."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from consent.days import day_of
from consent.errors import JurisdictionInvalid
from consent.model import Duty, Jurisdiction, Texts

LANGUAGES: Final = ("da", "sv", "en")
_CENTURY_DAYS = 36_525
_COUNTS: Final = {
    "majority_age": 30,
    "unprocessed_days": _CENTURY_DAYS,
    "retention_days": _CENTURY_DAYS,
    "after_course_days": _CENTURY_DAYS,
    "reask_days": _CENTURY_DAYS,
    "scan_within_days": _CENTURY_DAYS,
    "access_days": _CENTURY_DAYS,
}
"""Whole numbers from 1 and the highest that is no slip of the pen."""
_FIELDS: Final = frozenset(
    {
        *_COUNTS,
        "code",
        "in_force_from",
        "time_zone",
        "sources",
        "retention_ground",
        "signing",
        "hold_grounds",
        "duty",
    }
)


@dataclass(frozen=True, slots=True)
class Profiles:
    """Every version of every country's profile. A site's own come before the shipped ones."""

    shipped: tuple[Jurisdiction, ...]
    own: tuple[Jurisdiction, ...] = ()

    def in_force(self, code: str, *, at: datetime) -> Jurisdiction | None:
        """Return the version of a country's profile that holds at a moment; None if none does.

        While one of the site's own versions is in force, the shipped ones are not looked at.
        """
        for layer in (self.own, self.shipped):
            begun = [v for v in layer if v.code == code and v.in_force_from <= day_of(at, v)]
            if begun:
                return max(begun, key=lambda version: version.in_force_from)
        return None


def parse_profiles(untrusted_texts: Mapping[str, str]) -> tuple[Jurisdiction, ...]:
    """Return the profiles written in TOML texts, by file name.

    Raises:
        JurisdictionInvalid: A field is wrong, or two files are about the same country from the
            same day.
    """
    begun: dict[tuple[str, date], str] = {}
    profiles = []
    for file, text in untrusted_texts.items():
        profile = parse_jurisdiction(text, file=file)
        earlier = begun.setdefault((profile.code, profile.in_force_from), file)
        if earlier != file:
            raise JurisdictionInvalid(
                f"in_force_from: {earlier} is about {profile.code} from the same day", file=file
            )
        profiles.append(profile)
    return tuple(profiles)


def parse_jurisdiction(untrusted_text: str, *, file: str) -> Jurisdiction:
    """Return the profile written in a TOML text.

    Raises:
        JurisdictionInvalid: A field is missing, unknown or impossible; the message names it and
            the file.
    """
    try:
        fields: dict[str, Any] = tomllib.loads(untrusted_text)
    except tomllib.TOMLDecodeError as error:
        raise JurisdictionInvalid(f"not TOML, {error}", file=file) from error
    read = _Reader(fields, file)
    read.check_known(_FIELDS, of=fields, within="")
    return Jurisdiction(
        code=read.code(),
        in_force_from=read.day("in_force_from"),
        time_zone=read.time_zone(),
        sources=read.sources(),
        retention_ground=read.texts(fields.get("retention_ground"), "retention_ground"),
        signing=read.texts(fields.get("signing"), "signing"),
        hold_texts=read.hold_grounds(),
        duty=read.duty(),
        **{name: read.count(name, most=most) for name, most in _COUNTS.items()},
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the fields of one file and names the first that is wrong."""

    fields: Mapping[str, Any]
    file: str

    def wrong(self, field: str, problem: str) -> JurisdictionInvalid:
        return JurisdictionInvalid(f"{field}: {problem}", file=self.file)

    def check_known(self, known: Iterable[str], *, of: Mapping[str, Any], within: str) -> None:
        for name in of:
            if name not in known:
                raise self.wrong(f"{within}{name}", "there is no such field")

    def code(self) -> str:
        code = self.fields.get("code")
        if not (isinstance(code, str) and len(code) == 2 and code.isalpha() and code.isupper()):  # noqa: PLR2004 - two letters
            raise self.wrong("code", "two capital letters such as DK are needed")
        return code

    def count(self, name: str, *, most: int) -> int:
        value = self.fields.get(name)
        if type(value) is not int or not 1 <= value <= most:
            raise self.wrong(name, f"a whole number from 1 to {most} is needed")
        return value

    def day(self, name: str) -> date:
        value = self.fields.get(name)
        if type(value) is not date:
            raise self.wrong(name, "a date such as 2025-07-01, without quotes, is needed")
        return value

    def time_zone(self) -> str:
        name = self.fields.get("time_zone")
        try:
            return ZoneInfo(self.text(name, "time_zone")).key
        except (ValueError, OSError, LookupError) as error:
            raise self.wrong(
                "time_zone", "a known zone such as Europe/Stockholm is needed"
            ) from error

    def sources(self) -> tuple[str, ...]:
        sources = self.fields.get("sources")
        if not isinstance(sources, list) or not sources:
            raise self.wrong("sources", "a list with at least one statute is needed")
        return tuple(self.text(source, "sources") for source in sources)

    def texts(self, value: object, name: str) -> Texts:
        table = self.by_language(value, name)
        return {language: self.text(table[language], f"{name}.{language}") for language in table}

    def hold_grounds(self) -> dict[str, Texts]:
        grounds = self.table(self.fields.get("hold_grounds"), "hold_grounds")
        return {code: self.texts(texts, f"hold_grounds.{code}") for code, texts in grounds.items()}

    def duty(self) -> dict[str, Duty]:
        by_language = self.by_language(self.fields.get("duty"), "duty")
        return {language: self.one_duty(value, language) for language, value in by_language.items()}

    def one_duty(self, value: object, language: str) -> Duty:
        name = f"duty.{language}"
        table = self.table(value, name)
        self.check_known(("text", "link"), of=table, within=f"{name}.")
        link = self.text(table.get("link"), f"{name}.link")
        if not link.startswith("https://"):
            raise self.wrong(f"{name}.link", "an address that begins with https:// is needed")
        return Duty(self.text(table.get("text"), f"{name}.text"), link)

    def by_language(self, value: object, name: str) -> Mapping[str, Any]:
        table = self.table(value, name)
        for language in table:
            if language not in LANGUAGES:
                raise self.wrong(f"{name}.{language}", f"not one of {', '.join(LANGUAGES)}")
        for language in LANGUAGES:
            if language not in table:
                raise self.wrong(f"{name}.{language}", "it is missing")
        return table

    def table(self, value: object, name: str) -> Mapping[str, Any]:
        if not isinstance(value, dict) or not value:
            raise self.wrong(name, "a table is needed")
        return value

    def text(self, value: object, name: str) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(name, "a text is needed")
        return value

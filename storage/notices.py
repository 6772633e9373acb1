"""The notices that come with Samspil, by audience and language. Their rules are consent's."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from consent.notices import (
    LANGUAGES,
    Audience,
    Authority,
    Notice,
    parse_authorities,
    parse_notices,
)
from storage.errors import NotFound


def notice(audience: Audience, *, language: str) -> Notice:
    """Return what an audience is told; the first language where this one is not written.

    Raises:
        NoticeInvalid: The notice has a field that is missing, unknown or impossible.
    """
    return _notices(audience)[language if language in LANGUAGES else LANGUAGES[0]]


def authority(jurisdiction: str) -> Authority:
    """Return who hears complaints in a jurisdiction, by its code.

    Raises:
        NotFound: Nobody is named for this jurisdiction.
    """
    try:
        return _authorities()[jurisdiction]
    except KeyError:
        raise NotFound(f"authority of {jurisdiction}") from None


@cache
def _notices(audience: Audience) -> Mapping[str, Notice]:
    return parse_notices(_read(audience), audience=audience)


@cache
def _authorities() -> Mapping[str, Authority]:
    return parse_authorities(_read("authorities"))


def _read(name: str) -> str:
    return files("consent").joinpath("notices", f"{name}.toml").read_text(encoding="utf-8")

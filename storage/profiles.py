"""Reading jurisdiction profiles: those that come with Samspil, and a site's own before them."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from consent.errors import JurisdictionInvalid
from consent.model import Jurisdiction
from consent.rules import Profiles, parse_profiles


@cache
def shipped_profiles() -> Profiles:
    """Return the profiles that come with Samspil."""
    return Profiles(_read(files("consent").joinpath("jurisdictions").iterdir()))


def read_profiles(folder: Path | None) -> Profiles:
    """Return the shipped profiles, and before them those in a site's folder, if it has one.

    Raises:
        JurisdictionInvalid: There is no such folder, or a field of a file in it is missing,
            unknown or impossible; the message names both.
    """
    shipped = shipped_profiles()
    if folder is None:
        return shipped
    if not folder.is_dir():
        raise JurisdictionInvalid("there is no such folder", file=str(folder))
    return Profiles(shipped.shipped, own=_read(folder.iterdir()))


def _read(paths: Iterable[Traversable]) -> tuple[Jurisdiction, ...]:
    ours = sorted((p for p in paths if p.name.endswith(".toml")), key=lambda p: p.name)
    return parse_profiles({path.name: _text(path) for path in ours})


def _text(path: Traversable) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise JurisdictionInvalid("it cannot be read as UTF-8 text", file=path.name) from error

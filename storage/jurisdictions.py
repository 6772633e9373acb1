"""The jurisdiction profiles that come with Samspil, by country code. Their rules are consent's."""

from functools import cache
from importlib.resources import files

from consent.model import Jurisdiction
from consent.rules import parse_jurisdiction
from storage.errors import NotFound


@cache
def jurisdiction(code: str) -> Jurisdiction:
    """Return a country's profile.

    Raises:
        NotFound: There is no profile for this country.
        JurisdictionInvalid: The profile has a field that is missing or impossible.
    """
    for profile in files("consent").joinpath("jurisdictions").iterdir():
        if profile.name == f"{code}.toml":
            return parse_jurisdiction(profile.read_text(encoding="utf-8"))
    raise NotFound(f"jurisdiction {code}")

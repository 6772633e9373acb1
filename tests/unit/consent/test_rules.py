from datetime import date
from importlib.resources import files

import pytest

from consent.errors import JurisdictionInvalid
from consent.rules import parse_jurisdiction

PROFILE = """
code = "XX"
in_force_from = "2025-07-01"
majority_age = 18
unprocessed_days = 30
retention_days = 180
sources = ["a statute"]
"""


def test_a_profile_is_read() -> None:
    profile = parse_jurisdiction(PROFILE)
    assert (profile.code, profile.in_force_from, profile.sources) == (
        "XX",
        date(2025, 7, 1),
        ("a statute",),
    )


@pytest.mark.parametrize(
    ("line", "instead", "field"),
    [
        ('code = "XX"', "", "code"),
        ('"2025-07-01"', '"in summer"', "in_force_from"),
        ("majority_age = 18", "", "majority_age"),
        ("majority_age = 18", 'majority_age = "18"', "majority_age"),
        ("unprocessed_days = 30", "unprocessed_days = 0", "unprocessed_days"),
        ("retention_days = 180", "retention_days = -1", "retention_days"),
        ('code = "XX"', "code =", "not TOML"),
    ],
)
def test_what_is_wrong_with_a_profile_is_named(line: str, instead: str, field: str) -> None:
    with pytest.raises(JurisdictionInvalid, match=field):
        parse_jurisdiction(PROFILE.replace(line, instead))


@pytest.mark.parametrize("code", ["DK", "SE"])
def test_the_profiles_that_come_along_are_valid(code: str) -> None:
    text = files("consent").joinpath("jurisdictions", f"{code}.toml").read_text(encoding="utf-8")
    assert parse_jurisdiction(text).code == code

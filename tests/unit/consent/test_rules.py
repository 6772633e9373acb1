from dataclasses import fields
from datetime import UTC, date, datetime
from importlib.resources import files

import pytest

from consent.errors import JurisdictionInvalid
from consent.model import Duty, Jurisdiction
from consent.rules import LANGUAGES, Profiles, parse_jurisdiction, parse_profiles

PROFILE = """
code = "XX"
in_force_from = 2025-07-01
time_zone = "Europe/Copenhagen"
majority_age = 18
reask_days = 30
scan_within_days = 14
unprocessed_days = 30
retention_days = 180
after_course_days = 30
access_days = 28
sources = ["a statute"]

[retention_ground]
da = "grund"
sv = "skäl"
en = "ground"

[signing]
da = "alle"
sv = "alla"
en = "all"

[hold_grounds.court]
da = "retten"
sv = "rätten"
en = "the court"

[duty.da]
text = "underret"
link = "https://example.org/da"

[duty.sv]
text = "anmäl"
link = "https://example.org/sv"

[duty.en]
text = "notify"
link = "https://example.org/en"
"""

MISTAKES = [
    ('code = "XX"', "", "code"),
    ('code = "XX"', 'code = "Denmark"', "code"),
    ('code = "XX"', "code = 45", "code"),
    ('code = "XX"', "code =", "not TOML"),
    ("2025-07-01", '"2025-07-01"', "in_force_from"),
    ("2025-07-01", "2025-07-01T00:00:00Z", "in_force_from"),
    ("in_force_from = 2025-07-01", "", "in_force_from"),
    ("2025-07-01", "2025-02-30", "not TOML"),
    ("Europe/Copenhagen", "Europe/Aarhus", "time_zone"),
    ("Europe/Copenhagen", "../../etc/passwd", "time_zone"),
    ("Europe/Copenhagen", "Europe", "time_zone"),
    ("Europe/Copenhagen", "", "time_zone"),
    ('"Europe/Copenhagen"', "1", "time_zone"),
    ("majority_age = 18", "", "majority_age"),
    ("majority_age = 18", 'majority_age = "18"', "majority_age"),
    ("majority_age = 18", "majority_age = 18.0", "majority_age"),
    ("majority_age = 18", "majority_age = true", "majority_age"),
    ("majority_age = 18", "majority_age = 180", "majority_age"),
    ("unprocessed_days = 30", "unprocessed_days = 0", "unprocessed_days"),
    ("retention_days = 180", "retention_days = -1", "retention_days"),
    ("after_course_days = 30", "after_course_days = -1", "after_course_days"),
    ("after_course_days = 30", "", "after_course_days"),
    ("reask_days = 30", "reask_days = []", "reask_days"),
    ("scan_within_days = 14", "scan_within_days = 99999999", "scan_within_days"),
    ("access_days = 28", "acces_days = 28", "acces_days: there is no such field"),
    ("access_days = 28", "", "access_days"),
    ('["a statute"]', "[]", "sources"),
    ('["a statute"]', '"a statute"', "sources"),
    ('["a statute"]', "[1]", "sources"),
    ('sv = "skäl"\n', "", r"retention_ground\.sv: it is missing"),
    ('sv = "skäl"', 'sv = " "', r"retention_ground\.sv"),
    ('sv = "skäl"', 'no = "grunn"', r"retention_ground\.no: not one of da, sv, en"),
    ('en = "all"', "en = 1", r"signing\.en"),
    ('sv = "rätten"\n', "", r"hold_grounds\.court\.sv"),
    ("[hold_grounds.court]", "[other]", "other: there is no such field"),
    ('text = "anmäl"\n', "", r"duty\.sv\.text"),
    ('text = "anmäl"', 'words = "anmäl"', r"duty\.sv\.words: there is no such field"),
    ("https://example.org/sv", "javascript:alert(1)", r"duty\.sv\.link"),
    ("[duty.en]", "[duty.fi]", r"duty\.fi"),
]


def test_a_profile_is_read() -> None:
    profile = parse_jurisdiction(PROFILE, file="XX.toml")
    assert profile == Jurisdiction(
        code="XX",
        in_force_from=date(2025, 7, 1),
        majority_age=18,
        unprocessed_days=30,
        retention_days=180,
        after_course_days=30,
        sources=("a statute",),
        time_zone="Europe/Copenhagen",
        reask_days=30,
        scan_within_days=14,
        access_days=28,
        retention_ground={"da": "grund", "sv": "skäl", "en": "ground"},
        signing={"da": "alle", "sv": "alla", "en": "all"},
        hold_texts={"court": {"da": "retten", "sv": "rätten", "en": "the court"}},
        duty={
            "da": Duty("underret", "https://example.org/da"),
            "sv": Duty("anmäl", "https://example.org/sv"),
            "en": Duty("notify", "https://example.org/en"),
        },
    )
    assert profile.hold_grounds == ("court",)


@pytest.mark.parametrize(("line", "instead", "said"), MISTAKES)
def test_what_is_wrong_with_a_profile_is_named(line: str, instead: str, said: str) -> None:
    assert line in PROFILE
    with pytest.raises(JurisdictionInvalid, match=f"^ours.toml: {said}") as refusal:
        parse_jurisdiction(PROFILE.replace(line, instead), file="ours.toml")
    assert "ours.toml" in refusal.value.advice


def test_every_field_has_its_mistake() -> None:
    named = " ".join(said for *_, said in MISTAKES)
    told = {"hold_texts": "hold_grounds"}
    assert all(told.get(f.name, f.name) in named for f in fields(Jurisdiction))


def test_two_files_about_one_country_may_not_begin_on_the_same_day() -> None:
    with pytest.raises(JurisdictionInvalid, match=r"^b\.toml: in_force_from: a\.toml is about XX"):
        parse_profiles({"a.toml": PROFILE, "b.toml": PROFILE})


class TestProfiles:
    early = parse_jurisdiction(PROFILE.replace("2025-07-01", "2020-01-01"), file="a")
    late = parse_jurisdiction(PROFILE, file="b")
    own = parse_jurisdiction(PROFILE.replace("2025-07-01", "2024-01-01"), file="c")

    @pytest.mark.parametrize(
        ("moment", "version"),
        [
            (datetime(2019, 12, 31, 22, 59, tzinfo=UTC), None),
            (datetime(2019, 12, 31, 23, 0, tzinfo=UTC), early),
            (datetime(2025, 6, 30, 21, 59, tzinfo=UTC), early),
            (datetime(2025, 6, 30, 22, 0, tzinfo=UTC), late),
        ],
    )
    def test_a_version_begins_with_its_day_where_it_holds(
        self, moment: datetime, version: Jurisdiction | None
    ) -> None:
        assert Profiles((self.late, self.early)).in_force("XX", at=moment) is version

    def test_another_country_has_other_rules(self) -> None:
        at = datetime(2026, 1, 1, tzinfo=UTC)
        assert Profiles((self.late,)).in_force("YY", at=at) is None

    def test_the_sites_own_come_before_later_shipped_ones(self) -> None:
        profiles = Profiles((self.early, self.late), own=(self.own,))
        assert profiles.in_force("XX", at=datetime(2026, 1, 1, tzinfo=UTC)) is self.own
        assert profiles.in_force("XX", at=datetime(2023, 1, 1, tzinfo=UTC)) is self.early


@pytest.mark.parametrize("code", ["DK", "SE"])
def test_the_profiles_that_come_along_are_valid(code: str) -> None:
    folder = files("consent").joinpath("jurisdictions")
    shipped = parse_profiles({p.name: p.read_text(encoding="utf-8") for p in folder.iterdir()})
    profile = Profiles(shipped).in_force(code, at=datetime(2026, 1, 1, tzinfo=UTC))
    assert profile is not None
    assert "concern" in profile.hold_grounds
    assert set(profile.duty) == set(LANGUAGES)
    assert profile.access_days <= 28, "GDPR Art. 12(3): within a month, and February has 28 days"

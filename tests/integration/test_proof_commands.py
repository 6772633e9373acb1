"""``samspil audit verify`` and ``samspil certificate``, on copies that were tampered with."""

import json
import re
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import Connection
from typer.testing import CliRunner

from consent.model import RecordingId
from pipeline import cli
from storage import anchors, audit, certificates, erasure
from storage.database import make_engine
from storage.errors import NotFound
from storage.home import Home
from storage.records import Anchor
from storage.settings import Settings
from storage.tables import AuditRow
from tests.faults.test_erasure import fill
from tests.new_home import new_home

TAMPERED = 4


@pytest.fixture(params=["sqlite", "postgresql"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the proof folder of a site with one erasure and some anchored acts since."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("SAMSPIL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SAMSPIL_PROOF_DIR", str(tmp_path / "far"))
    if request.param == "postgresql":
        url = request.getfixturevalue("fresh_postgres_url")
        monkeypatch.setenv("SAMSPIL_DATABASE_URL", url)
    with closing(new_home(Settings())) as home:
        erasure.erase(home, fill(home))
        for place in range(4):
            act(home, f"r{place}")
        add_anchor(home)
    return tmp_path / "far"


def act(home: Home, subject: str) -> None:
    with home.transaction() as tx:
        audit.append(tx, actor="u1", action="viewed", subject=subject)


def add_anchor(home: Home) -> None:
    with home.reading() as tx:
        end, day = audit.end(tx), tx.at.date()
    assert end
    anchors.anchor(home, Anchor(number=0, day=day, seq=end.seq, mac=end.mac))


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.app, words)


def said(result: Result) -> str:
    return re.sub(r"\s+", " ", result.output)


def check_tampered(words: str, *options: str) -> None:
    result = run("audit", "verify", *options)
    assert result.exit_code == TAMPERED, result.output
    assert words in said(result)
    assert "Keep a copy as it is and tell whoever answers for data protection." in said(result)


def tamper(change: Callable[[Connection], object]) -> None:
    """Do what an owner of the database can do, who lifts the triggers first."""
    engine = make_engine(Settings().database())
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            for name in ("audit_unchanged", "audit_kept"):
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER USER")
        change(connection)
    engine.dispose()


def executed(sql: str) -> Callable[[Connection], object]:
    return lambda connection: connection.exec_driver_sql(sql)


@pytest.mark.usefixtures("folder")
def test_an_untouched_log_is_whole() -> None:
    result = run("audit", "verify")
    assert result.exit_code == 0, result.output
    assert "audit log is whole: 7 entries, 2 anchors fit" in said(result)


@pytest.mark.usefixtures("folder")
def test_a_changed_entry_is_found() -> None:
    tamper(executed("UPDATE audit SET subject = 'r9' WHERE seq = 4"))
    check_tampered("audit entry 4 does not follow")


@pytest.mark.usefixtures("folder")
def test_an_entry_deleted_in_the_middle_is_found() -> None:
    tamper(executed("DELETE FROM audit WHERE seq = 5"))
    check_tampered("audit entry 5 does not follow")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("kept", [0, 1, 5])
def test_a_cut_end_is_found(kept: int) -> None:
    tamper(executed(f"DELETE FROM audit WHERE seq > {kept}"))  # noqa: S608 - a number
    check_tampered(f"the log ends at {kept}")


@pytest.mark.usefixtures("folder")
def test_a_log_computed_anew_with_the_sites_own_keys_is_found() -> None:
    recompute(audit_key=None)
    check_tampered("differs from the anchor")


@pytest.mark.usefixtures("folder")
def test_a_log_computed_anew_with_another_key_is_found() -> None:
    recompute(audit_key=b"another key of thirty-two bytes!")
    check_tampered("audit entry 1 does not follow")


def recompute(*, audit_key: bytes | None) -> None:
    """Leave the third entry out and chain the others anew."""
    with closing(Home.open(Settings())) as home, home.reading() as tx:
        entries = [audit.entry(tx, seq) for seq in range(1, 8)]
        key = audit_key or home.keys.site_key(audit.SiteKey.AUDIT)
    del entries[2]
    rows: list[dict[str, object]] = []
    previous = ""
    for seq, entry in enumerate(entries, 1):
        row = AuditRow(
            seq=seq,
            at=entry.at,
            actor=entry.actor,
            action=entry.action,
            subject=entry.subject,
            detail=entry.detail,
            previous=previous,
            mac="",
        )
        row.mac = previous = audit._mac(row, key=key)  # noqa: SLF001 - what a thief would call
        rows.append(row.model_dump())

    def put_in_place(connection: Connection) -> None:
        connection.exec_driver_sql("DELETE FROM audit")
        connection.execute(AuditRow.__table__.insert(), rows)  # type: ignore[attr-defined]

    tamper(put_in_place)


def test_a_cut_file_of_anchors_is_found(folder: Path) -> None:
    path = folder / "anchors"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:1]))
    check_tampered("anchors has 1 lines, the audit log knows of 2")


def test_a_cut_log_of_deletions_is_found(folder: Path) -> None:
    (folder / "deletions").unlink()
    check_tampered("deletions has 0 lines, the audit log knows of 1")


def test_a_changed_anchor_is_found(folder: Path) -> None:
    path = folder / "anchors"
    path.write_bytes(path.read_bytes().replace(b'"seq":', b'"seq":1', 1))
    check_tampered("line 1 of anchors does not follow")


def test_log_and_anchors_cut_together_are_found_by_a_copy_kept_elsewhere(
    folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    tamper(executed("DELETE FROM audit WHERE seq > 3"))
    path = folder / "anchors"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:1]))
    assert run("audit", "verify").exit_code == 0
    check_tampered("the log ends at 3", "--anchors", str(tmp_path / "copy"))


def erased() -> RecordingId:
    with closing(Home.open(Settings())) as home, home.reading() as tx:
        [one] = erasure.erasures(tx)
    return one.recording


def test_a_certificate_says_what_was_erased_and_nothing_about_a_person(
    folder: Path, tmp_path: Path
) -> None:
    result = run("certificate", erased())
    assert result.exit_code == 0, result.output
    certificate = json.loads(result.output)
    assert certificate["recording"] == erased()
    assert certificate["because"] == "withdrawal"
    assert certificate["holdings"]["notes"] == 1
    assert certificate["holdings"]["blob.source"] == 1
    assert certificate["anchor"]["seq"] >= certificate["seq"]
    assert certificate["keys_rotated_at"]
    assert not [word for word in ("youth", "holder", "carla", "Carla") if word in result.output]
    path = tmp_path / "certificate.json"
    path.write_text(result.output, encoding="utf-8")
    checked = run("audit", "verify", "--certificate", str(path))
    assert checked.exit_code == 0, checked.output
    assert "certificate is true" in said(checked)
    assert folder.exists()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "change",
    [
        {"recording": "other"},
        {"because": "retention"},
        {"completed_at": "2020-01-01T00:00:00+00:00"},
        {"holdings": {"notes": 2}},
        {"seq": 3},
        {"anchor": None},
        {"mac": "00"},
        {"because": "whim"},
        {"holdings": []},
    ],
)
def test_a_changed_certificate_is_false(tmp_path: Path, change: dict[str, object]) -> None:
    certificate = json.loads(run("certificate", erased()).output)
    path = tmp_path / "certificate.json"
    path.write_text(json.dumps({**certificate, **change}), encoding="utf-8")
    result = run("audit", "verify", "--certificate", str(path))
    assert result.exit_code == TAMPERED, result.output
    assert "This certificate of erasure was not made here" in said(result)


@pytest.mark.usefixtures("folder")
def test_there_is_no_certificate_of_what_is_not_erased() -> None:
    with closing(Home.open(Settings())) as home, pytest.raises(NotFound):
        certificates.certificate_of(home, RecordingId("none"))
    assert run("certificate", "none").exit_code == 1

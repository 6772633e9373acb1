"""``samspil backup`` and ``samspil restore``, as typed."""

import re
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from consent.model import RecordingId
from pipeline import cli, demo, housekeeping
from pipeline.worker import Worker
from storage import consent_ledger, erasure, requests, workers
from storage.errors import NotFound
from storage.home import Home
from storage.records import RequestKind
from storage.settings import Settings
from tests.faults import flow
from tests.new_home import new_home


@pytest.fixture(autouse=True)
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RecordingId:
    """Give a recording of a site whose proof folder is apart."""
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("SAMSPIL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SAMSPIL_PROOF_DIR", str(tmp_path / "far"))
    with closing(new_home(Settings())) as home:
        return demo.prepare(home).recording


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.app, words)


def said(result: Result) -> str:
    return re.sub(r"\s+", " ", result.output)


@pytest.mark.parametrize("copied", [False, True], ids=["kek by hand", "kek from its copy"])
def test_the_drill_as_the_readme_tells_it(
    site: RecordingId, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, copied: bool
) -> None:
    backup = str(tmp_path / "monday")
    if copied:
        monkeypatch.setenv("SAMSPIL_KEK_BACKUP_DIR", str(tmp_path / "third"))
        with closing(Home.open(Settings())) as home:
            housekeeping.keep_keys(home)
    with closing(Home.open(Settings())) as home:
        kept = flow.register(home, demo.prepare(home))
    first = run("backup", backup)
    assert first.exit_code == 0, first.output
    assert "no copy of them is kept: set SAMSPIL_KEYS_BACKUP_DIR" in said(first)
    assert run("backup", backup).exit_code == 1

    with closing(Home.open(Settings())) as home:
        erasure.erase(home, site)
    monkeypatch.setenv("SAMSPIL_KEYS_BACKUP_DIR", str(tmp_path / "keys"))
    assert "SAMSPIL_KEYS_BACKUP_DIR" not in said(run("backup", str(tmp_path / "tuesday")))

    refused = run("restore", backup)
    assert refused.exit_code == 1
    assert "There is something here already" in said(refused)
    kek = (tmp_path / "home" / "keys" / "kek").read_bytes()
    elsewhere = tmp_path / "elsewhere"
    if not copied:
        (elsewhere / "keys").mkdir(parents=True, mode=0o700)
        (elsewhere / "keys" / "kek").touch(mode=0o600)
        (elsewhere / "keys" / "kek").write_bytes(kek)
    monkeypatch.setenv("SAMSPIL_HOME", str(elsewhere))
    done = run("restore", backup, "--keys", str(tmp_path / "keys"))
    assert done.exit_code == 0, done.output
    assert "Erased again: 1." in said(done)
    with closing(Home.open(Settings())) as home, home.reading() as tx:
        assert consent_ledger.permit(tx, kept)
        with pytest.raises(NotFound):
            consent_ledger.permit(tx, site)
    listed = run("status")
    assert site in listed.output
    checked = run("audit", "verify")
    assert checked.exit_code == 0, checked.output
    assert "a backup was put back on" in said(checked)


def test_a_damaged_backup_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = run("restore", str(tmp_path / "empty"), "--replace")
    assert result.exit_code == 1
    assert "A file of the backup is missing or has been changed." in said(result)


def test_a_changed_log_of_deletions_leaves_all_as_it_was(tmp_path: Path) -> None:
    backup = str(tmp_path / "monday")
    run("backup", backup)
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "deletions").write_bytes(b"{}\n")
    stopped = run("restore", backup, "--replace")
    assert stopped.exit_code == 1
    assert "What is kept outside the database as proof has been changed." in said(stopped)
    assert run("status").exit_code == 0  # nothing was touched


def test_what_was_open_in_the_backup_is_done_again(site: RecordingId, tmp_path: Path) -> None:
    with closing(Home.open(Settings())) as home, home.transaction() as tx:
        requests.ask(tx, RequestKind.COPY, site)
    assert run("backup", str(tmp_path / "monday")).exit_code == 0
    work_until_done()
    done = run("restore", str(tmp_path / "monday"), "--replace")
    assert done.exit_code == 0, done.output
    work_until_done()


def work_until_done() -> None:
    def is_done() -> bool:
        with home.reading() as tx:
            return not requests.waiting(tx) and not requests.unended(tx)

    with closing(Home.open(Settings())) as home:
        assert not is_done()
        worker = Worker(home, tidy_s=0.2)
        worker.start()
        try:
            flow.wait_for(is_done)
        finally:
            worker.stop()
        with home.transaction() as tx:  # as if it had been still for some seconds
            for name in workers.heard_of(tx):
                workers.drop_worker(tx, name)

"""An erasure whose process is killed between any two of its steps, for real."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from consent.model import RecordingId
from storage import anchors, audit, consent_ledger, erasure
from storage.errors import NotFound, ProofUnwritable, RecordingHeld
from storage.holds import lift_hold, place_hold
from storage.home import Home
from storage.records import ErasureReason, HoldKind
from storage.settings import Settings
from storage.vault.errors import KekMissing, KeyDestroyed
from storage.vault.kek import KekFile
from storage.vault.key_copies import copy_keys, put_back_keys
from storage.vault.keys import KeyStore
from tests.faults import flow
from tests.faults.test_erasure import fill, rows_about
from tests.new_home import new_home

STEPS = len(erasure.STEPS)


@pytest.fixture(params=["sqlite", "postgresql"])
def env(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    settings = {"SAMSPIL_HOME": str(tmp_path / "home"), "SAMSPIL_PROOF_DIR": str(tmp_path / "far")}
    if request.param == "postgresql":
        url = request.getfixturevalue("fresh_postgres_url")
        settings |= {"SAMSPIL_DATABASE_URL": url, "SAMSPIL_KEYS_URL": url}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return settings


@pytest.fixture
def home(env: dict[str, str]) -> Iterator[Home]:  # noqa: ARG001 - it reads them
    opened = new_home(Settings())
    yield opened
    opened.close()


def be_killed(moment: str) -> None:
    """Erase, and die as the kernel kills after so many steps."""
    after, recording = moment.split(",")

    def die(_home: Home, _recording: RecordingId) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    erasure.STEPS = (*erasure.STEPS[: int(after)], die)  # type: ignore[misc]
    erasure.erase(Home.open(Settings()), RecordingId(recording))


def check_gone(home: Home, id_: RecordingId) -> None:
    counts = {name: count for name, count in rows_about(home, id_).items() if count}
    assert counts == {"consent_codes": 1, "deletions": 1, "requests": 1}
    with home.reading() as tx:
        proof = erasure.erasure_of(tx, id_)
        assert proof.key_destroyed_at
        assert proof.completed_at
        assert proof.keys_rotated_at
        assert erasure.due(tx) == {}
        assert [e.action for e in audit.entries_about(tx, id_)].count("erased") == 1
        checked = anchors.verify(tx, home.proof)
    assert checked.anchors >= 1
    [noted] = home.proof.deletions()
    assert (noted.recording, noted.because) == (id_, ErasureReason.WITHDRAWAL)
    assert noted.completed_at == proof.completed_at
    with pytest.raises(KeyDestroyed):
        home.keys.data_key(id_)
    assert not [p for p in home.settings.home.rglob(f"*{id_}*") if p.is_file()]


@pytest.mark.parametrize("steps", range(STEPS + 1))
def test_an_erasure_killed_after_any_step_is_completed_by_the_next_round(
    env: dict[str, str], home: Home, steps: int
) -> None:
    id_ = fill(home)
    dying = flow.begin(be_killed, env, f"{steps},{id_}")
    dying.process.join()
    assert dying.process.exitcode == -signal.SIGKILL
    with home.reading() as tx:
        with pytest.raises(NotFound):
            consent_ledger.permit(tx, id_)
        due = dict(erasure.due(tx))
    completed = steps > [step.__name__ for step in erasure.STEPS].index("_complete")
    assert due == ({} if completed else {id_: ErasureReason.WITHDRAWAL})
    for recording, because in due.items():
        erasure.erase(home, recording, because=because)
    anchors.anchor_what_is_new(home)
    check_gone(home, id_)


def test_nothing_is_destroyed_that_could_not_be_noted_outside(home: Home) -> None:
    id_ = fill(home)
    home.settings.proof_folder().touch()  # no folder can be made here now
    with pytest.raises(ProofUnwritable):
        erasure.erase(home, id_)
    assert home.keys.data_key(id_)
    with home.reading() as tx, pytest.raises(NotFound):
        consent_ledger.permit(tx, id_)
    home.settings.proof_folder().unlink()
    erasure.erase(home, id_)
    check_gone(home, id_)


def test_a_held_recording_waits_and_goes_when_the_duty_is_lifted(home: Home) -> None:
    id_ = fill(home)
    with home.transaction() as tx:
        owner = consent_ledger.roster_of(tx, id_)[0].person
        hold = place_hold(tx, id_, kind=HoldKind.LEGAL, ground="g", by=owner)  # type: ignore[arg-type]
    with pytest.raises(RecordingHeld):
        erasure.erase(home, id_)
    with home.reading() as tx:
        assert erasure.erasures(tx) == ()
    assert home.keys.data_key(id_)
    assert home.proof.deletions() == ()
    with home.transaction() as tx:
        lift_hold(tx, hold.id, by=hold.placed_by)
    erasure.erase(home, id_)
    check_gone(home, id_)


def test_an_old_copy_of_the_key_store_opens_nothing_after_an_erasure(
    home: Home, tmp_path: Path
) -> None:
    id_ = fill(home)
    copy_keys(home.keys, tmp_path / "old")
    erasure.erase(home, id_)
    put_back_keys(f"sqlite:///{tmp_path}/elsewhere.db", tmp_path / "old")
    with pytest.raises(KekMissing):
        KeyStore(f"sqlite:///{tmp_path}/elsewhere.db", keks=KekFile(tmp_path / "home/keys/kek"))

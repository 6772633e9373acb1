"""Erasing: complete, resumable wherever it is killed, and leaving nothing to read."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from consent.model import RecordingId
from storage import (
    accounts,
    annotations,
    codings,
    consent_ledger,
    courses,
    cycles,
    drafts,
    erasure,
    notes,
    phases,
    recordings,
    requests,
    tables,
    transcripts,
    uploads,
)
from storage.errors import NotFound
from storage.home import Home
from storage.records import (
    BlobRole,
    Minutes,
    Note,
    NoteId,
    NoteKind,
    Plan,
    RequestKind,
    Segment,
    SegmentId,
    Sequence,
    SequenceId,
    SequenceKind,
    Side,
    Stage,
    StageRun,
    StageState,
    Visibility,
)
from storage.search import Passage
from storage.settings import Settings
from storage.transaction import Transaction
from storage.vault.errors import KeyDestroyed
from tests.contract.storage.scene import NOW, Site, begin_site
from tests.new_home import new_home

CANARY = "zyxwvutsrqpo"
"""A word that nobody says; where it turns up, sealing has failed."""


def opened(folder: Path, database: str = "") -> Home:
    settings = Settings(home=folder, database_url=database)
    return new_home(settings, clock=lambda: NOW)


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    on_server = request.param == "postgresql"
    url = request.getfixturevalue("fresh_postgres_url") if on_server else ""
    home = opened(tmp_path / "home", url)
    yield home
    home.close()


def fill(home: Home) -> RecordingId:
    """Return a recording that has something in every holding, the canary wherever words go."""
    with home.transaction() as tx:
        site = begin_site(tx)
        permit = site.permit()
        id_ = permit.recording
        recordings.set_fingerprint(tx, id_, fingerprint="f")
        _fill_rows(tx, site, id_)
        transcripts.add_transcript(
            tx, permit, blob_key="k", engine="e", language="da", rehearsal=True
        )
    for role in BlobRole:
        deposit = home.vault.put(id_, role=role)
        with deposit as writer:
            writer.write(CANARY.encode())
        with home.transaction() as tx:
            if role is BlobRole.SOURCE:
                recordings.mark_received(tx, id_, source=deposit.ref)
            else:
                recordings.record_blob(tx, id_, role, deposit.ref)
    home.search.put(id_, [Passage("turn", "t1", 0, CANARY)], language="da")
    return id_


def _fill_rows(tx: Transaction, site: Site, id_: RecordingId) -> None:
    by = site.caseworker.id
    uploads.begin_upload(tx, id_, owner=by, length=1, expires_at=NOW)
    requests.ask(tx, RequestKind.PROCESS, id_)
    requests.ask(tx, RequestKind.ERASE, id_)
    requests.report_stage(tx, StageRun(id_, Stage.PROBE, StageState.DONE))
    phases.renew_suggestions(tx, id_, [Segment(SegmentId("s"), id_, 0, 1, "opening")])
    annotations.add_tag(tx, id_, codebook="c@1", code="x", start_ms=0, end_ms=1, by=by)
    sequence = annotations.add_sequence(
        tx,
        Sequence(SequenceId("q"), id_, 0, 1, 0, CANARY, SequenceKind.STRENGTH, (CANARY,), CANARY),
    )
    notes.write_answer(tx, sequence.id, seen=CANARY, thought=CANARY)
    written = Note(NoteId("n"), id_, by, 0, NoteKind.SEEN_HEARD, Visibility.SHARED, CANARY, NOW)
    notes.write_note(tx, written)
    cycles.write_wish(tx, id_, text=CANARY)
    cycles.keep_room(tx, id_, state={"pos_ms": 1})
    plan = Plan(CANARY, CANARY, (CANARY,), CANARY)
    cycles.save_minutes(tx, Minutes(id_, (), (CANARY,), plan), by=Side.CASEWORKER)
    cycles.add_to_minutes(tx, id_, text=CANARY)
    drafts.keep_draft(tx, user=by, field="wish", recording=id_, text=CANARY)
    stretch = {"text_version": 1, "text_revision": 0, "start_ms": 0, "end_ms": 1}
    coding = codings.begin_coding(tx, id_, codebook="c@1", codes=["x"], by=by, **stretch)
    codings.mark(tx, coding, by=by, marks=[(0, "x")])
    taught = tables.LessonRow(tag="t", recording=id_, layout="1", made_at=NOW)
    taught.sealed_traits = tx.seal(CANARY, recording=id_, place="lessons/t")
    tx.session.add(taught)
    _fill_safeguards(tx, id_, by=by)


def _fill_safeguards(tx: Transaction, id_: RecordingId, *, by: str) -> None:
    sealed = tx.seal(CANARY, recording=id_, place="anywhere")
    about: dict[str, Any] = {"recording": id_}
    tx.session.add_all(
        [
            tables.EvidenceScanRow(evidence="e", blob="b", at=NOW, by=by, **about),
            tables.ConsentCodeRow(digest="d", person="p", made_at=NOW, made_by=by, **about),
            tables.AccessAskRow(id="a", person="p", at=NOW, due_on=NOW.date(), **about),
            tables.HoldRow(
                id="h",
                kind="concern",
                ground="g",
                placed_at=NOW,
                placed_by=by,
                lifted_at=NOW,
                lifted_by=by,
                **about,
            ),
            tables.ConcernRow(
                id="c",
                raised_at=NOW,
                raised_by=by,
                leader=by,
                hold="h",
                sealed_text=sealed,
                **about,
            ),
            tables.ConcernStepRow(id="s", concern="c", step="raised", at=NOW, by=by, **about),
            tables.BreakGlassRow(id="b", asked_at=NOW, asked_by=by, sealed_reason=sealed, **about),
            tables.InvitationRow(guest=by, invited_at=NOW, invited_by=by, **about),
            tables.CorrectionRow(
                id="t", version=1, revision=1, by=by, at=NOW, sealed_text=sealed, **about
            ),
            tables.GoalLookRow(goal="g", at=NOW, sealed_text=sealed, **about),
            tables.NotificationRow(id="n", user=by, kind="k", about="c", at=NOW, **about),
            tables.TrainingCopyRow(
                id="t",
                asked_at=NOW,
                asked_by=by,
                reason="education",
                start_ms=0,
                end_ms=1,
                voice="removed",
                sealed_mark=sealed,
                ends_at=NOW,
                **about,
            ),
        ]
    )
    tx.session.flush()


def holdings() -> dict[str, type[SQLModel]]:
    """Return every table that may hold something about a recording."""
    rows = [row for row in vars(tables).values() if hasattr(row, "__tablename__")]
    return {
        row.__tablename__: row
        for row in rows
        if row is tables.RecordingRow or "recording" in row.model_fields
    }


def rows_about(home: Home, id_: RecordingId) -> dict[str, int]:
    with home.reading() as tx:
        return {
            name: len(tx.session.exec(select(row).where(row.recording == id_)).all())  # type: ignore[attr-defined]
            for name, row in holdings().items()
            if name != "recordings"
        }


def check_erased(home: Home, id_: RecordingId) -> None:
    left = rows_about(home, id_)
    assert {name: count for name, count in left.items() if count} == {
        "consent_codes": 1,
        "deletions": 1,
        "requests": 1,
    }
    with home.reading() as tx:
        assert erasure.unfinished_erasures(tx) == ()
        assert tx.row(tables.ConsentCodeRow, "d").person is None
        [proof] = erasure.erasures(tx)
        assert (proof.recording, proof.key_destroyed_at, proof.completed_at) == (id_, NOW, NOW)
        stub = recordings.recording(tx, id_)
        assert (stub.erased_at, stub.youth_letter, stub.number) == (NOW, "", 1)
        assert recordings.same_content(tx, "f", owner=stub.owner) is None
        assert [request.kind for request in requests.waiting(tx)] == [RequestKind.ERASE]
        with pytest.raises(NotFound):
            consent_ledger.permit(tx, id_)
    with pytest.raises(KeyDestroyed):
        home.keys.data_key(id_)
    assert home.search.find(CANARY, recordings=[id_], language="da") == ()
    files = [p for p in (home.settings.home / "vault").rglob("*") if p.is_file()]
    assert files == []


def test_every_holding_has_exactly_one_eraser_or_is_the_proof() -> None:
    assert set(erasure.ERASERS) | erasure.PROOF == set(holdings())
    assert not set(erasure.ERASERS) & erasure.PROOF


def test_the_filled_recording_has_something_in_every_holding(home: Home) -> None:
    counts = rows_about(home, fill(home))
    assert {name for name, count in counts.items() if not count} == {"deletions"}
    assert counts["blobs"] == len(BlobRole)


def test_an_erased_recording_leaves_its_number_and_dates(home: Home) -> None:
    id_ = fill(home)
    erasure.erase(home, id_)
    check_erased(home, id_)


def test_erasing_again_changes_nothing(home: Home) -> None:
    id_ = fill(home)
    for _ in range(2):
        erasure.erase(home, id_)
    check_erased(home, id_)


def test_another_recording_is_left_alone(home: Home) -> None:
    id_ = fill(home)
    with home.transaction() as tx:
        stub = recordings.recording(tx, id_)
        owner = accounts.user(tx, stub.owner)
        other = Site(tx, owner, owner, courses.course(tx, stub.course)).permit().recording
        cycles.write_wish(tx, other, text="ønske")
    erasure.erase(home, id_)
    with home.reading() as tx:
        assert consent_ledger.permit(tx, other).recording == other
        assert cycles.cycle_of(tx, other).wish == "ønske"


STEPS = ("keys.destroy", "vault.erase", "search.remove")


class Killed(BaseException):
    """Nothing may catch what stands for a killed process."""


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_erasure_killed_at_any_step_is_finished_by_the_next(
    home: Home, monkeypatch: pytest.MonkeyPatch, step: str, moment: str
) -> None:
    id_ = fill(home)
    part, _, name = step.partition(".")
    whole = getattr(home, part)
    real: Callable[..., Any] = getattr(whole, name)

    def killed(*args: object, **options: object) -> None:
        if moment == "after":
            real(*args, **options)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(type(whole), name, lambda _self, *a, **o: killed(*a, **o))
        with pytest.raises(Killed):
            erasure.erase(home, id_)
    with home.reading() as tx:
        assert erasure.unfinished_erasures(tx) == (id_,)
        with pytest.raises(NotFound):
            consent_ledger.permit(tx, id_)
    erasure.erase(home, id_)
    check_erased(home, id_)


def test_a_straggler_can_write_nothing_about_an_erased_recording(home: Home) -> None:
    id_ = fill(home)
    erasure.erase(home, id_)
    run = StageRun(id_, Stage.TRANSCRIBE, StageState.DONE)
    with pytest.raises(NotFound), home.transaction() as tx:
        requests.report_stage(tx, run)
    with pytest.raises(NotFound), home.transaction() as tx:
        phases.renew_suggestions(tx, id_, [Segment(SegmentId("late"), id_, 0, 1, "opening")])
    with pytest.raises(KeyDestroyed):
        home.vault.put(id_, role=BlobRole.TURNS).__enter__()
    check_erased(home, id_)


def test_an_unknown_recording_cannot_be_erased(home: Home) -> None:
    with pytest.raises(NotFound):
        erasure.erase(home, RecordingId("none"))


def test_no_spoken_or_written_word_lies_readable_on_disk(tmp_path: Path) -> None:
    home = opened(tmp_path / "home")
    id_ = fill(home)
    files = _contents(tmp_path)
    assert any(path.name == "samspil.db-wal" for path in files)
    readable = [path for path, content in files.items() if CANARY.encode() in content]
    assert readable == []
    hits = home.search.find(CANARY, recordings=[id_], language="da")
    assert len(hits) == 1
    home.close()
    assert not any(CANARY.encode() in content for content in _contents(tmp_path).values())


def _contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

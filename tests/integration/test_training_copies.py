"""Training copies: a yes to teaching from everyone, a reason, a mark, one fetch, an end."""

import io
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import pytest
from httpx2 import Response

from consent.model import Event, Evidence, EvidenceId, Method, Purpose, RecordingId, Role, Scope
from pipeline.copying import make_copies
from pipeline.errors import Failure
from pipeline.stages import masking
from pipeline.stages.workshop import Engines, Workshop
from review_app.commands.intake import settle_answer
from storage import audit, consent_ledger, courses, erasure, recordings, requests, training_copies
from storage.errors import NotFound
from storage.identity import new_id
from storage.records import BlobRole, Course, Package, RequestKind, TrainingCopyId
from tests import films
from tests.house import OWNER, STRANGERS, SUPERVISOR, House, open_house

SECONDS = 2
ASKED = {"sequence": None, "voice": "changed", "reason": "education"}
NAME = "Mette Testsen"


@pytest.fixture
def open_handed(tmp_path: Path) -> Iterator[House]:
    with ExitStack() as stack:
        yield open_house(stack, tmp_path / "home", downloads=True)


def say(
    house: House,
    recording: RecordingId,
    event: Event,
    *,
    only: Role | None = None,
    scope: frozenset[Scope] = frozenset(Scope),
) -> None:
    """Let everyone in a recording, or those of one role, answer about teaching."""
    house.clock.go_on(seconds=1)
    with house.home.transaction() as tx:
        for person in consent_ledger.roster_of(tx, recording):
            if only in {None, person.role}:
                answer = Evidence(
                    id=EvidenceId(new_id()),
                    recording=recording,
                    person=person.person,
                    purpose=Purpose.TRAINING,
                    event=event,
                    at=tx.at,
                    method=Method.DIGITAL,
                    valid_from=tx.at.date() - timedelta(days=30),
                    scope=scope,
                )
                settle_answer(tx, answer, actor="test")


def agreed(house: House, *, course: Course | None = None) -> RecordingId:
    """Return a short film that everyone lets be supervised and shown for teaching."""
    recording = house.recording(course=course)
    house.put(recording, BlobRole.PROXY, films.front_film(SECONDS))
    with house.home.transaction() as tx:
        recordings.set_duration(tx, recording, duration_ms=SECONDS * 1000)
    say(house, recording, Event.GIVEN)
    return recording


def ask(house: House, login: str | None, recording: str, **asked: object) -> Response:
    path = f"/api/recordings/{recording}/training-copies"
    return house.browser(login).post(path, json=ASKED | asked)


def listed(house: House, login: str, recording: str) -> dict[str, Any]:
    found: dict[str, Any] = (
        house.browser(login).get(f"/api/recordings/{recording}/training-copies").json()
    )
    return found


def fetch(house: House, login: str, recording: str, copy: str) -> Response:
    return house.browser(login).post(f"/api/recordings/{recording}/training-copies/{copy}")


def make(house: House, copy: str) -> None:
    """Make a copy in this process."""
    engines = Engines(recognizer=lambda: None, voice_activity=lambda: None, diarizer=lambda: None)  # type: ignore[arg-type, return-value]
    masking.run(TrainingCopyId(copy), shop=Workshop(house.home, engines, lambda _: None))


def blobs(house: House, recording: RecordingId) -> int:
    """Return how many copies lie in the store."""
    return len(list(house.home.vault.store.list(f"{recording}/{BlobRole.TRAINING_COPY}")))


@pytest.mark.parametrize("login", [OWNER, SUPERVISOR])
def test_a_copy_is_asked_for_made_fetched_once_and_written_down(
    open_handed: House, login: str
) -> None:
    recording = agreed(open_handed)
    told = ask(open_handed, login, recording)
    assert told.status_code == 201, told.text
    copy = told.json()["id"]
    with open_handed.home.reading() as tx:
        assert [r.kind for r in requests.waiting(tx)] == [RequestKind.COPY]
        mark = training_copies.mark_of(tx, training_copies.copy(tx, copy))
    assert mark.startswith(open_handed.people[login].name)
    assert "10 March 2026, 13:00" in mark
    assert fetch(open_handed, login, recording, copy).status_code == 404  # not made yet
    make(open_handed, copy)
    make(open_handed, copy)  # a step that is repeated makes it once
    assert blobs(open_handed, recording) == 1
    (shown,) = listed(open_handed, login, recording)["copies"]
    assert (shown["state"], shown["fraction"]) == ("made", 1.0)
    got = fetch(open_handed, login, recording, copy)
    assert got.headers["Content-Disposition"] == f'attachment; filename="{copy}.mp4"'
    with av.open(io.BytesIO(got.content)) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == (640, 360)
        assert container.streams.audio
    assert fetch(open_handed, login, recording, copy).status_code == 404
    with open_handed.home.reading() as tx:
        noted = {e.action: e for e in audit.entries_about(tx, recording)}
    assert noted["training_copy_asked"].detail == {
        "copy": copy,
        "reason": "education",
        "voice": "changed",
    }
    assert noted["exported"].detail == {"what": "training", "copy": copy, "reason": "education"}
    assert noted["exported"].actor == open_handed.people[login].id


def test_a_sequence_stays_a_stretch_of_time_until_a_copy_is_asked_for(open_handed: House) -> None:
    recording = agreed(open_handed)
    sequence = open_handed.sequence(recording, at_ms=500)
    assert blobs(open_handed, recording) == 0
    told = ask(open_handed, OWNER, recording, sequence=sequence, voice="removed").json()
    assert (told["start_ms"], told["end_ms"]) == (500, SECONDS * 1000)
    make(open_handed, told["id"])
    with av.open(io.BytesIO(fetch(open_handed, OWNER, recording, told["id"]).content)) as made:
        assert not made.streams.audio
        assert made.streams.video[0].frames == 15
    assert ask(open_handed, OWNER, recording, sequence=new_id()).status_code == 404


def test_without_everyones_yes_to_teaching_there_is_none(open_handed: House) -> None:
    recording = open_handed.recording()
    assert listed(open_handed, OWNER, recording)["voices"] == []
    refused = ask(open_handed, OWNER, recording)
    assert (refused.status_code, refused.json()["error"]) == (403, "TeachingNotAgreed")
    say(open_handed, recording, Event.GIVEN, only=Role.YOUTH)
    assert ask(open_handed, OWNER, recording).status_code == 403
    say(open_handed, recording, Event.GIVEN, scope=frozenset({Scope.VIDEO}))
    assert listed(open_handed, OWNER, recording)["voices"] == ["removed"]
    assert ask(open_handed, OWNER, recording).status_code == 403
    assert ask(open_handed, OWNER, recording, voice="removed").status_code == 201


def test_only_the_two_and_each_only_ones_own(open_handed: House) -> None:
    recording = agreed(open_handed)
    for login in (None, *STRANGERS):
        assert ask(open_handed, login, recording).status_code == (403 if login else 401)
    copy = ask(open_handed, OWNER, recording).json()["id"]
    make(open_handed, copy)
    assert listed(open_handed, SUPERVISOR, recording)["copies"] == []
    assert fetch(open_handed, SUPERVISOR, recording, copy).status_code == 404
    assert fetch(open_handed, STRANGERS[0], recording, copy).status_code == 403


def test_where_the_site_allows_no_copies_there_is_none(house: House) -> None:
    recording = agreed(house)
    assert ask(house, OWNER, recording).json()["error"] == "DownloadsOff"
    assert listed(house, OWNER, recording)["voices"] == []


@pytest.mark.parametrize(
    "asked",
    [{"reason": "fun"}, {"reason": None}, {"voice": "loud"}, {"sequence": "../x"}, {"more": 1}],
)
def test_what_is_asked_for_is_one_of_a_few(open_handed: House, asked: dict[str, object]) -> None:
    recording = agreed(open_handed)
    assert ask(open_handed, OWNER, recording, **asked).status_code == 400


def test_taking_the_yes_back_ends_and_erases_copies_at_once(open_handed: House) -> None:
    recording = agreed(open_handed)
    made, waiting = (ask(open_handed, OWNER, recording).json()["id"] for _ in range(2))
    make(open_handed, made)
    with open_handed.home.transaction() as tx:
        for each in requests.waiting(tx):
            requests.mark_picked(tx, each.id)
    say(open_handed, recording, Event.WITHDRAWN, only=Role.CUSTODY_HOLDER)
    assert fetch(open_handed, OWNER, recording, made).status_code == 404
    assert listed(open_handed, OWNER, recording) == {"voices": [], "days": 7, "copies": []}
    with pytest.raises(NotFound):
        make(open_handed, waiting)
    with open_handed.home.reading() as tx:
        assert [(r.kind, r.recording) for r in requests.waiting(tx)] == [
            (RequestKind.COPY, recording)
        ]
    make_copies(open_handed.home, recording, stopping=lambda: False)
    assert blobs(open_handed, recording) == 0
    assert open_handed.audited(recording).count("training_copy_erased") == 2
    with open_handed.home.reading() as tx:
        assert not recordings.blobs_of(tx, recording, BlobRole.TRAINING_COPY)
    assert open_handed.browser(OWNER).get(f"/api/recordings/{recording}/media").is_success


def test_a_withdrawal_while_it_is_written_leaves_nothing(open_handed: House) -> None:
    recording = agreed(open_handed)
    copy = ask(open_handed, OWNER, recording).json()["id"]
    with open_handed.home.reading() as tx:
        wanted = training_copies.copy(tx, copy)
        permit = training_copies.teaching_permit(tx, recording, voice=wanted.voice)

    def write_while_somebody_withdraws() -> None:
        with training_copies.new_copy(open_handed.home, permit, wanted) as writer:
            writer.write(b"film")
            say(open_handed, recording, Event.WITHDRAWN, only=Role.YOUTH)

    with pytest.raises(NotFound):
        write_while_somebody_withdraws()
    assert blobs(open_handed, recording) == 0


def test_copies_go_after_their_days_and_soon_after_they_are_fetched(open_handed: House) -> None:
    recording = agreed(open_handed)
    fetched, left = (ask(open_handed, OWNER, recording).json()["id"] for _ in range(2))
    make(open_handed, fetched)
    make(open_handed, left)
    assert fetch(open_handed, OWNER, recording, fetched).is_success
    open_handed.clock.go_on(minutes=61)
    training_copies.erase_over(open_handed.home)
    assert blobs(open_handed, recording) == 1
    open_handed.clock.go_on(days=7)
    training_copies.erase_over(open_handed.home)
    training_copies.erase_over(open_handed.home)
    assert blobs(open_handed, recording) == 0
    assert open_handed.audited(recording).count("training_copy_erased") == 2


def test_erasing_the_recording_erases_its_copies(open_handed: House) -> None:
    recording = agreed(open_handed)
    copy = ask(open_handed, OWNER, recording).json()["id"]
    make(open_handed, copy)
    erasure.erase(open_handed.home, recording)
    assert blobs(open_handed, recording) == 0
    with open_handed.home.reading() as tx:
        assert not training_copies.copies_of(tx, recording)
        (entry,) = [e for e in audit.entries_about(tx, recording) if e.action == "erased"]
    assert entry.detail["held.training_copies"] == 1


def test_nothing_of_who_took_it_lies_in_the_clear(open_handed: House) -> None:
    recording = agreed(open_handed)
    copy = ask(open_handed, OWNER, recording).json()["id"]
    make(open_handed, copy)
    with open_handed.home.reading() as tx:
        assert training_copies.mark_of(tx, training_copies.copy(tx, copy)).startswith(NAME)
    for path in (open_handed.home.settings.home / "vault").rglob("*"):
        assert not path.is_file() or b"ftyp" not in path.read_bytes()


def test_copies_are_made_in_children_and_one_that_fails_hinders_no_other(
    open_handed: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMSPIL_HOME", str(open_handed.home.settings.home))
    now = datetime.now(UTC)  # noqa: TID251 - the child has its own clock
    open_handed.clock.now = now - timedelta(minutes=1)
    with open_handed.home.transaction() as tx:
        course = courses.add_course(
            tx,
            caseworker=open_handed.people[OWNER].id,
            supervisor=open_handed.people[SUPERVISOR].id,
            coordinator=None,
            package=Package.ONE,
            starts_on=now.date(),
        )
    good, bad = (agreed(open_handed, course=course) for _ in range(2))
    open_handed.put(bad, BlobRole.PROXY, b"no film at all" * 99)
    copies = {each: ask(open_handed, OWNER, each).json()["id"] for each in (good, bad)}
    make_copies(open_handed.home, good, stopping=lambda: True)
    assert listed(open_handed, OWNER, good)["copies"][0]["state"] == "waiting"
    for each in (bad, good):
        make_copies(open_handed.home, each, stopping=lambda: False)
    states = [listed(open_handed, OWNER, each)["copies"][0]["state"] for each in copies]
    assert states == ["made", "failed"]
    assert fetch(open_handed, OWNER, good, copies[good]).is_success
    with open_handed.home.reading() as tx:
        assert training_copies.copy(tx, copies[bad]).error in {*Failure, "damaged"}

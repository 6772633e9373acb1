"""A text of one's own: who may hand it in, what is kept of it, and what the machine makes of it."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from httpx2 import Response
from typer.testing import CliRunner

from consent.model import Event, RecordingId, Role
from pipeline import cli, intake
from pipeline.analysis.diarization import MeasuredDiarizer
from pipeline.analysis.sound import Diarization
from pipeline.engines.ports import Recognizer, VoiceActivity
from pipeline.errors import FileMissing, VoicesUnclear
from pipeline.stages import attribute, index, tag, transcribe
from pipeline.stages.order import version_of
from pipeline.stages.workshop import Engines, Workshop
from storage import audit, requests
from storage.media import document_of, transcript_of
from storage.own_text import own_text_key
from storage.records import BlobRole, Stage, Transcript
from storage.subtitles import Voice
from tests.house import DURATION_MS, OWNER, STRANGERS, SUPERVISOR, House, turn

NAME = "Kunigunde"
VTT = f"""WEBVTT

NOTE media: C:/{NAME}.mp4

00:00:01.000 --> 00:00:03.000
<v {NAME}>Hvad vil du gerne tale om?

00:00:03.500 --> 00:00:05.000
<v Bo>Det ved jeg ikke.
""".encode()
SILENT = (
    b"1\n00:00:01,000 --> 00:00:03,000\nHvad vil du?\n\n2\n00:00:03,500 --> 00:00:05,000\nIntet."
)


def post(
    house: House, login: str | None, recording: str, *, path: str = "", body: bytes = VTT
) -> Response:
    return house.browser(login).post(f"/api/recordings/{recording}/own-text{path}", content=body)


def workshop(house: House) -> Workshop:
    """Return a place to run stages in that has no models."""

    def none() -> Recognizer | VoiceActivity:
        raise AssertionError("no model is asked")

    engines = Engines(recognizer=none, voice_activity=none, diarizer=MeasuredDiarizer)  # type: ignore[arg-type]
    return Workshop(house.home, engines, lambda _: None)


def heard(house: House, recording: RecordingId) -> None:
    """Keep what the stages before have found: speech, and two voices in turn."""
    house.document(recording, BlobRole.SPEECH, [[1_000, 3_000], [3_500, 5_000]])
    posteriors = np.zeros((60, 2), np.float16)
    posteriors[:33, 0] = posteriors[33:, 1] = 1
    house.put(recording, BlobRole.SPEAKERS, Diarization(posteriors, "test").to_bytes())


def text_of(house: House, recording: RecordingId) -> Transcript:
    with house.home.reading() as tx:
        return transcript_of(house.home, tx, house.permit(recording))


def run(house: House, recording: RecordingId) -> Transcript:
    shop = workshop(house)
    for stage in (transcribe, attribute, tag, index):
        stage.run(recording, shop=shop)
    return text_of(house, recording)


@pytest.mark.parametrize("login", [OWNER, SUPERVISOR])
def test_a_file_is_looked_at_and_nothing_of_it_is_kept(house: House, login: str) -> None:
    recording = house.recording()
    told = post(house, login, recording, path="/look").json()
    assert told == {
        "lines": 2,
        "until_ms": 5_000,
        "speakers": [
            {"name": NAME, "lines": 1, "voice": "unknown"},
            {"name": "Bo", "lines": 1, "voice": "unknown"},
        ],
    }
    with house.home.reading() as tx:
        assert own_text_key(tx, recording) is None
        assert not requests.waiting(tx)


@pytest.mark.parametrize("login", [OWNER, SUPERVISOR])
def test_a_text_is_kept_with_roles_for_names_and_worked_on(house: House, login: str) -> None:
    recording = house.recording()
    kept = post(house, login, recording, path="?voices=caseworker,youth")
    assert kept.status_code == 204
    with house.home.reading() as tx:
        kept_text = document_of(house.home, tx, house.permit(recording), BlobRole.OWN_TEXT)
        assert [request.recording for request in requests.waiting(tx)] == [recording]
        noted = [e for e in audit.entries_about(tx, recording) if e.action == "own_text_kept"]
    assert [cue["speaker"] for cue in kept_text["cues"]] == ["caseworker", "youth"]
    assert NAME not in repr(kept_text)
    assert [(e.actor, e.detail) for e in noted] == [
        (house.people[login].id, {"kind": "vtt", "cues": 2})
    ]
    assert house.browser(login).get(f"/api/recordings/{recording}/status").json()["own_text"]


@pytest.mark.parametrize("path", ["/look", "?voices=caseworker,youth"])
def test_only_the_two_hand_in_a_text_and_only_while_everyone_agrees(
    house: House, path: str
) -> None:
    recording = house.recording()
    for login in (None, *STRANGERS):
        assert post(house, login, recording, path=path).status_code == (403 if login else 401)
    house.clock.go_on(seconds=1)
    house.answer(recording, Event.WITHDRAWN, only=Role.YOUTH)
    assert post(house, OWNER, recording, path=path).status_code == 403


def test_what_is_wrong_is_told_with_its_line(house: House) -> None:
    recording = house.recording()
    broken = VTT.replace(b"00:00:03.500", b"00:00:0x.500")
    told = post(house, OWNER, recording, path="/look", body=broken).json()
    assert told["error"] == "SubtitleTimeUnreadable"
    assert told["message"] == "Line 8: The times cannot be read."
    assert "00:01:02.500 --> 00:01:04.000" in told["advice"]
    late = VTT.replace(b"00:00:03.500 --> 00:00:05", b"00:10:05.500 --> 00:10:06")
    assert DURATION_MS == 600_000
    told = post(house, OWNER, recording, path="?voices=youth,other", body=late).json()
    assert told["error"] == "SubtitlesTooLate"


@pytest.mark.parametrize("voices", ["", "youth", "youth,youth,youth", f"{NAME},Bo"])
def test_each_speaker_has_one_role(house: House, voices: str) -> None:
    recording = house.recording()
    assert post(house, OWNER, recording, path=f"?voices={voices}").status_code == 400
    with house.home.reading() as tx:
        assert own_text_key(tx, recording) is None


def test_no_model_is_needed_for_a_text_that_says_who_speaks(house: House) -> None:
    recording = house.recording()
    house.transcript(recording, [turn(0, "Noget andet")])
    heard(house, recording)
    assert post(house, OWNER, recording, path="?voices=caseworker,youth").status_code == 204
    made = run(house, recording)
    assert (made.version, made.engine, made.rehearsal) == (2, "import/vtt", False)
    assert [(t.speaker, t.text) for t in made.turns] == [
        ("caseworker", "Hvad vil du gerne tale om?"),
        ("youth", "Det ved jeg ikke."),
    ]
    first = made.turns[0].words
    assert (first[0].start_ms, first[-1].end_ms) == (1_000, 3_000)
    assert [b.start_ms - a.end_ms for a, b in pairwise(first)] == [0] * 5
    assert run(house, recording).version == 2  # the same text again is no new version
    found = house.home.search.find("gerne", recordings=[recording], language="da")
    assert [passage.start_ms for passage in found] == [1_000]


def test_where_nobody_is_named_the_voices_are_told_apart_by_sound(house: House) -> None:
    recording = house.recording()
    heard(house, recording)
    assert post(house, OWNER, recording, body=SILENT).status_code == 204
    made = run(house, recording)
    assert [t.text for t in made.turns] == ["Hvad vil du?", "Intet."]
    assert {t.speaker for t in made.turns} == {"caseworker", "youth"}


def test_another_text_is_other_work_and_a_model_is_none() -> None:
    for stage in Stage:
        later = list(Stage).index(stage) >= list(Stage).index(Stage.TRANSCRIBE)
        changed = version_of(stage, words_from="a") != version_of(stage, words_from="b")
        assert changed == later


def test_nothing_of_it_lies_in_the_clear(house: House) -> None:
    recording = house.recording()
    heard(house, recording)
    body = VTT.replace(b"gerne", NAME.encode())
    assert post(house, OWNER, recording, path="?voices=caseworker,youth", body=body).is_success
    run(house, recording)
    for path in house.home.settings.home.rglob("*"):
        if path.is_file():
            assert NAME.encode() not in path.read_bytes(), path.name


def test_the_command_hands_in_a_text_too(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = house.recording()
    file = tmp_path / "text.vtt"
    file.write_bytes(VTT)
    text = intake.own_text(file)
    assert intake.voices_of(text, "") == [Voice.UNKNOWN, Voice.UNKNOWN]
    for wrong in ("youth", "youth,Bo"):
        with pytest.raises(VoicesUnclear):
            intake.voices_of(text, wrong)
    with pytest.raises(FileMissing):
        intake.own_text(tmp_path / "none.vtt")
    monkeypatch.setattr(cli, "open_home", lambda: house.home)
    waiting = house.recording(processed=False)
    asked = ["import-text", waiting, str(file), "--voices", "caseworker,youth"]
    said = CliRunner().invoke(cli.app, asked)
    assert said.exit_code == 0, said.output
    assert f"{NAME}: caseworker" in said.output
    assert intake.take_in_text(house.home, recording, text, voices=[Voice.YOUTH, Voice.OTHER])
    for each in (waiting, recording):
        assert "own_text_kept" in house.audited(each)
    file.write_bytes(b"Nothing here has a time")
    said = CliRunner().invoke(cli.app, ["import-text", recording, str(file)])
    assert said.exit_code == 1
    assert "Line 1: These words have no time." in said.output

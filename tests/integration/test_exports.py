"""Copies: off unless the site turns them on, for a reason, and each in the audit log."""

import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from httpx2 import Response

from consent.model import Event, RecordingId, Role
from review_app.routes import exports
from review_app.routes.media import ASKED_EVERY_BYTES
from storage import audit
from storage.records import BlobRole, ExportReason
from tests.house import OWNER, STRANGERS, SUPERVISOR, House, open_house, turn

FILM = random.Random(2).randbytes(ASKED_EVERY_BYTES + 5)  # noqa: S311 - no secret


@pytest.fixture
def open_handed(tmp_path: Path) -> Iterator[House]:
    with ExitStack() as stack:
        yield open_house(stack, tmp_path / "home", downloads=True)


def furnished(house: House) -> RecordingId:
    recording = house.recording()
    house.put(recording, BlobRole.PROXY, FILM)
    house.transcript(recording, [turn(0, "Hej med dig")])
    return recording


def export(house: House, login: str | None, recording: str, **form: str) -> Response:
    asked = {"what": "film", "reason": "court"} | form
    return house.browser(login).post(f"/api/recordings/{recording}/export", data=asked)


@pytest.mark.parametrize("login", [OWNER, SUPERVISOR, *STRANGERS])
@pytest.mark.parametrize("what", ["film", "captions"])
def test_nothing_leaves_unless_the_site_allows_it(house: House, login: str, what: str) -> None:
    recording = furnished(house)
    refused = export(house, login, recording, what=what)
    assert refused.status_code == 403
    expected = "DownloadsOff" if login in {OWNER, SUPERVISOR} else "Denied"
    assert refused.json()["error"] == expected
    assert "exported" not in house.audited(recording)


@pytest.mark.parametrize("login", [OWNER, SUPERVISOR])
@pytest.mark.parametrize("reason", ExportReason)
def test_a_copy_goes_out_whole_and_is_written_down(
    open_handed: House, login: str, reason: ExportReason
) -> None:
    recording = furnished(open_handed)
    film = export(open_handed, login, recording, reason=reason)
    assert film.content == FILM
    assert film.headers["Content-Length"] == str(len(FILM))
    assert film.headers["Content-Disposition"] == f'attachment; filename="{recording}.mp4"'
    text = export(open_handed, login, recording, reason=reason, what="captions")
    assert text.text.startswith("WEBVTT")
    assert text.headers["Content-Disposition"] == f'attachment; filename="{recording}.vtt"'
    other = export(open_handed, login, recording, reason=reason, what="subtitles")
    assert other.text.endswith("caseworker: Hej med dig\n")
    assert other.headers["Content-Disposition"] == f'attachment; filename="{recording}.srt"'
    with open_handed.home.reading() as tx:
        found = [e for e in audit.entries_about(tx, recording) if e.action == "exported"]
    assert [e.detail for e in found] == [
        {"what": what, "reason": reason} for what in ("film", "captions", "subtitles")
    ]
    assert {e.actor for e in found} == {open_handed.people[login].id}


@pytest.mark.parametrize("login", [None, *STRANGERS])
def test_nobody_else_gets_one(open_handed: House, login: str | None) -> None:
    recording = furnished(open_handed)
    refused = export(open_handed, login, recording)
    assert refused.status_code == (403 if login else 401)


def test_without_consent_nobody_gets_one(open_handed: House) -> None:
    recording = furnished(open_handed)
    open_handed.clock.go_on(seconds=1)
    open_handed.answer(recording, Event.WITHDRAWN, only=Role.YOUTH)
    assert export(open_handed, OWNER, recording).status_code == 403
    assert "exported" not in open_handed.audited(recording)


@pytest.mark.parametrize(
    "form", [{"what": "notes"}, {"reason": ""}, {"reason": "because I can"}, {"what": ""}]
)
def test_a_reason_is_one_of_a_few(open_handed: House, form: dict[str, str]) -> None:
    recording = furnished(open_handed)
    assert export(open_handed, OWNER, recording, **form).status_code == 400


def test_what_has_not_been_made_is_not_written_down(open_handed: House) -> None:
    recording = open_handed.recording()
    for what in ("film", "captions"):
        assert export(open_handed, OWNER, recording, what=what).status_code == 404
    assert "exported" not in open_handed.audited(recording)


def test_a_withdrawal_cuts_a_copy_off(open_handed: House, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = furnished(open_handed)
    real = exports.open_media
    opened = 0

    def open_and_withdraw(*arguments: object) -> object:
        nonlocal opened
        opened += 1
        if opened == 2:  # the first asks for the size
            open_handed.clock.go_on(seconds=1)
            open_handed.answer(recording, Event.WITHDRAWN, only=Role.YOUTH)
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(exports, "open_media", open_and_withdraw)
    got = export(open_handed, OWNER, recording).content
    assert len(got) < len(FILM)

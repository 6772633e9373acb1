"""Films on their way in, by the tus protocol (https://tus.io, version 1.0.0)."""

import asyncio
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from httpx2 import Response
from starlette.testclient import TestClient
from starlette.types import Message

from consent.model import Event, RecordingId
from review_app.sessions import COOKIE
from storage import consent_ledger, recordings, requests, uploads
from storage.media import open_media
from storage.records import BlobRole, RequestKind, UploadId
from storage.vault.segments import LAYOUT
from tests.house import OWNER, PEOPLE, House

TUS = {"Tus-Resumable": "1.0.0"}
BODY = TUS | {"Content-Type": "application/offset+octet-stream"}
MARK = b"PLAINTEXT-OF-THE-FILM"
SEGMENT = LAYOUT.segment_bytes
FILM = (MARK * (3 * SEGMENT // len(MARK) + 1))[: 3 * SEGMENT + 777]
NAME = "Samtale med Sofie.mp4"


def begin(house: House, recording: str, *, length: int = len(FILM)) -> tuple[TestClient, str]:
    browser = house.browser(OWNER)
    answer = create(browser, recording, length=length)
    assert answer.status_code == 201
    return browser, answer.headers["Location"]


def create(browser: TestClient, recording: str, **more: object) -> Response:
    given = {"recording": recording, "filename": NAME}
    meta = ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in given.items())
    headers = TUS | {"Upload-Metadata": meta}
    headers |= {"Upload-Length": str(more["length"])} if "length" in more else {}
    return browser.post("/api/uploads", headers=headers)


def send(browser: TestClient, where: str, content: bytes, *, offset: int = 0) -> Response:
    return browser.patch(where, headers=BODY | {"Upload-Offset": str(offset)}, content=content)


def offset_of(browser: TestClient, where: str) -> int:
    answer = browser.head(where, headers=TUS)
    assert answer.status_code == 200
    return int(answer.headers["Upload-Offset"])


def waiting(house: House) -> list[tuple[str, str]]:
    with house.home.transaction() as tx:
        return [(r.kind, r.recording) for r in requests.waiting(tx)]


def received(house: House, recording: RecordingId) -> bool:
    with house.home.reading() as tx:
        return recordings.recording(tx, recording).received_at is not None


def stored(house: House, recording: RecordingId) -> bytes:
    with house.home.reading() as tx:
        permit = consent_ledger.permit(tx, recording)
        with open_media(house.home, tx, permit, BlobRole.SOURCE) as film:
            return film.read()


def test_a_film_comes_in_pieces_and_asks_for_processing_when_it_is_whole(any_house: House) -> None:
    recording = any_house.recording(processed=False)
    browser, where = begin(any_house, recording)
    offset = 0
    for piece in (SEGMENT + 5, 7, 2 * SEGMENT, len(FILM)):
        answer = send(browser, where, FILM[offset : offset + piece], offset=offset)
        assert answer.status_code == 204
        assert answer.headers["Tus-Resumable"] == "1.0.0"
        offset = int(answer.headers["Upload-Offset"])
        if offset < len(FILM):
            assert offset_of(browser, where) == offset
            assert not received(any_house, recording)
            assert waiting(any_house) == []
    assert offset == len(FILM)
    assert received(any_house, recording)
    assert waiting(any_house) == [(RequestKind.PROCESS, recording)]
    assert stored(any_house, recording) == FILM
    assert any_house.audited(recording).count("upload_begun") == 1
    again = create(browser, recording, length=4)
    assert (again.status_code, again.json()["error"]) == (400, "AlreadyReceived")


def test_without_consent_a_film_is_kept_and_not_worked_on(house: House) -> None:
    recording = house.recording(agreed=False, processed=False)
    browser, where = begin(house, recording)
    assert send(browser, where, FILM).status_code == 204
    assert received(house, recording)
    assert waiting(house) == []
    house.answer(recording, Event.GIVEN)
    assert stored(house, recording) == FILM


def test_nothing_of_the_film_nor_its_name_lies_in_plain(house: House, tmp_path: Path) -> None:
    recording = house.recording(processed=False)
    browser, where = begin(house, recording)
    send(browser, where, FILM[: 2 * SEGMENT])
    _, unfinished = begin(house, house.recording(processed=False))
    send(browser, unfinished, FILM[: SEGMENT + 9])
    send(browser, where, FILM[offset_of(browser, where) :], offset=offset_of(browser, where))
    assert received(house, recording)
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert sum(map(len, kept)) > len(FILM)
    for content in kept:
        assert MARK[:12] not in content
        assert b"Sofie" not in content
        assert b64encode(NAME.encode())[:12] not in content


@pytest.mark.parametrize("version", [None, "0.2.2", ""])
def test_another_version_of_the_protocol_is_refused(house: House, version: str | None) -> None:
    browser, where = begin(house, house.recording(processed=False))
    headers = {} if version is None else {"Tus-Resumable": version}
    tries = [
        browser.post("/api/uploads", headers=headers | {"Upload-Length": "4"}),
        browser.head(where, headers=headers),
        browser.patch(where, headers=headers | {"Upload-Offset": "0"}, content=b"film"),
        browser.delete(where, headers=headers),
    ]
    for answer in tries:
        assert answer.status_code == 412
        assert answer.headers["Tus-Version"] == "1.0.0"
    assert offset_of(browser, where) == 0


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"Upload-Offset": "1"}, 409),
        ({"Upload-Offset": "-1"}, 409),
        ({"Upload-Offset": "9" * 5000}, 409),
        ({"Upload-Offset": ""}, 409),
        ({"Content-Type": "application/octet-stream"}, 415),
        ({"Content-Type": ""}, 415),
    ],
)
def test_a_piece_that_does_not_fit_is_refused(
    house: House, changed: dict[str, str], status: int
) -> None:
    browser, where = begin(house, house.recording(processed=False))
    headers = BODY | {"Upload-Offset": "0"} | changed
    answer = browser.patch(where, headers=headers, content=FILM[:SEGMENT])
    assert answer.status_code == status
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert offset_of(browser, where) == 0


@pytest.mark.parametrize("chunked", [False, True])
def test_more_than_was_declared_is_refused(house: House, chunked: bool) -> None:  # noqa: FBT001
    recording = house.recording(processed=False)
    browser, where = begin(house, recording, length=SEGMENT * 2)
    sent = [FILM[:SEGMENT], FILM[: SEGMENT * 2]]
    content = iter(sent) if chunked else b"".join(sent)
    answer = browser.patch(where, headers=BODY | {"Upload-Offset": "0"}, content=content)
    assert answer.status_code == 413
    assert not received(house, recording)
    assert offset_of(browser, where) <= SEGMENT


@pytest.mark.parametrize(
    ("length", "status"),
    [("0", 400), ("-1", 400), ("many", 400), ("9" * 5000, 400), (str(9 * 1024**3), 413)],
)
def test_a_length_that_cannot_be_is_refused(house: House, length: str, status: int) -> None:
    recording = house.recording(processed=False)
    answer = create(house.browser(OWNER), recording, length=length)
    assert answer.status_code == status
    assert answer.json()["message"]
    with house.home.reading() as tx:
        assert uploads.uploads_of(tx, recording) == ()


def test_a_length_must_be_told(house: House) -> None:
    assert create(house.browser(OWNER), house.recording(processed=False)).status_code == 400


@pytest.mark.parametrize(
    "meta",
    ["", "recording", "recording !!!", "recording æøå", "filename YQ==", ",,,", "recording /w=="],
)
def test_metadata_that_names_no_recording_is_refused(house: House, meta: str) -> None:
    headers = {name.encode(): value.encode() for name, value in TUS.items()}
    headers |= {b"Upload-Length": b"4", b"Upload-Metadata": meta.encode("latin-1")}
    answer = house.browser(OWNER).post("/api/uploads", headers=headers)
    assert answer.status_code == 403


def test_strangers_and_the_supervisor_cannot_append_or_stop(house: House) -> None:
    browser, where = begin(house, house.recording(processed=False))
    nowhere = "/api/uploads/0197-nothing-like-this"
    for login in ("xenia", "birgitte", "adam"):
        other = house.browser(login)
        for address in (where, nowhere):
            assert send(other, address, FILM[:SEGMENT]).status_code == 403
            assert other.delete(address, headers=TUS).status_code == 403
            assert other.head(address, headers=TUS).status_code == 403
    assert offset_of(browser, where) == 0


def test_a_stopped_upload_is_gone(house: House, tmp_path: Path) -> None:
    recording = house.recording(processed=False)
    browser, where = begin(house, recording)
    send(browser, where, FILM[: 2 * SEGMENT])
    assert browser.delete(where, headers=TUS).status_code == 204
    assert browser.head(where, headers=TUS).status_code == 403
    assert not [path for path in (tmp_path / "home" / "spool").rglob("*") if path.is_file()]
    browser, where = begin(house, recording)
    assert send(browser, where, FILM).headers["Upload-Offset"] == str(len(FILM))


def test_an_upload_that_nobody_went_on_with_in_time_is_gone(house: House) -> None:
    _, where = begin(house, house.recording(processed=False))
    house.clock.go_on(days=8)
    answer = house.browser(OWNER).patch(where, headers=BODY | {"Upload-Offset": "0"}, content=b"x")
    assert (answer.status_code, answer.json()["error"]) == (410, "UploadExpired")
    assert house.browser("xenia").head(where, headers=TUS).status_code == 403


def test_a_line_cut_in_the_middle_keeps_all_that_has_come(house: House) -> None:
    recording = house.recording(processed=False)
    browser, where = begin(house, recording)
    cut_after(house, where, FILM[: SEGMENT * 2 + SEGMENT // 2])
    offset = offset_of(browser, where)
    assert offset == SEGMENT * 2 + SEGMENT // 2
    send(browser, where, FILM[offset:], offset=offset)
    assert stored(house, recording) == FILM


def cut_after(house: House, where: str, content: bytes) -> None:
    """Send a part of a body and hang up, as a browser does whose line is cut."""
    cookie = f"{COOKIE}={house.token(OWNER)}"
    headers = BODY | {"Upload-Offset": "0", "Cookie": cookie, "Host": "testserver"}
    scope = {
        "type": "http",
        "method": "PATCH",
        "path": where,
        "query_string": b"",
        "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
    }
    heard: Iterator[Message] = iter(
        [
            {"type": "http.request", "body": content, "more_body": True},
            {"type": "http.disconnect"},
        ]
    )

    async def receive() -> Message:
        return next(heard)

    async def send_nothing(_: Message) -> None:
        return

    serve: Callable[..., Awaitable[None]] = house.app
    asyncio.run(serve(scope, receive, send_nothing))  # type: ignore[arg-type]


def test_only_one_piece_at_a_time_is_taken(house: House) -> None:
    browser, where = begin(house, house.recording(processed=False))
    upload = UploadId(where.rpartition("/")[2])
    with house.home.reading() as tx:
        found = uploads.upload(tx, upload)
    with house.home.vault.resume_upload(found.recording, upload=upload, length=found.length):
        assert send(browser, where, FILM[:SEGMENT]).status_code == 423
        assert browser.head(where, headers=TUS).status_code == 423
    assert send(browser, where, FILM[:SEGMENT]).status_code == 204


def test_what_a_kill_left_between_vault_and_database_is_settled(house: House) -> None:
    recording = house.recording(processed=False)
    browser, where = begin(house, recording)
    upload = UploadId(where.rpartition("/")[2])
    with house.home.vault.resume_upload(recording, upload=upload, length=len(FILM)) as part:
        part.append(FILM[: 2 * SEGMENT])
    reached = part.offset
    assert offset_of(browser, where) == reached > 0
    with house.home.vault.resume_upload(recording, upload=upload, length=len(FILM)) as part:
        part.append(FILM[reached:])
    house.home.vault.finish_upload(recording, upload=upload, length=len(FILM))
    assert offset_of(browser, where) == len(FILM)
    assert received(house, recording)
    assert waiting(house) == [(RequestKind.PROCESS, recording)]


def test_what_is_being_sent_is_not_deleted_under_it(house: House, tmp_path: Path) -> None:
    recording = house.recording(processed=False)
    browser, where = begin(house, recording)
    upload = UploadId(where.rpartition("/")[2])
    with house.home.vault.resume_upload(recording, upload=upload, length=len(FILM)) as part:
        part.append(b"x")
        assert browser.delete(where, headers=TUS).status_code == 423
    assert browser.delete(where, headers=TUS).status_code == 204
    assert not [path for path in (tmp_path / "home" / "spool").rglob("*") if path.is_file()]


def test_an_upload_whose_beginning_was_lost_is_not_found(house: House) -> None:
    recording = house.recording(processed=False)
    with house.home.transaction() as tx:
        lost = uploads.begin_upload(
            tx,
            recording,
            owner=house.people[OWNER].id,
            length=9,
            expires_at=tx.at + uploads.LIFETIME,
        )
    answer = house.browser(OWNER).head(f"/api/uploads/{lost.id}", headers=TUS)
    assert answer.status_code == 404


@pytest.mark.parametrize("login", [None, *PEOPLE])
def test_only_the_owner_opens_an_upload(house: House, login: str | None) -> None:
    recording = house.recording(processed=False)
    answer = create(house.browser(login), recording, length=4)
    assert answer.status_code == {None: 401, OWNER: 201}.get(login, 403)

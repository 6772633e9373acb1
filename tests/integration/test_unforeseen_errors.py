"""What goes wrong without having been foreseen: answered without detail, logged without words."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from review_app.gate import Gate
from review_app.routes.problems import HANDLERS
from review_app.sessions import COOKIE
from storage import audit
from storage.records import BlobRole
from tests.house import OWNER, SUPERVISOR, House, intend, turn

CANARY = "Kanariefugl"


async def fail(_: Request) -> Response:
    raise ZeroDivisionError(CANARY)


async def fail_midway(_: Request) -> Response:
    def body() -> Iterator[bytes]:
        yield b"begun"
        raise ZeroDivisionError(CANARY)

    return StreamingResponse(body())


async def fail_in_socket(socket: WebSocket) -> None:
    await socket.accept()
    raise ZeroDivisionError(CANARY)


@pytest.fixture
def browser(house: House) -> TestClient:
    app = Starlette(
        routes=[
            Route("/fail", fail, methods=["GET", "POST"]),
            Route("/midway", fail_midway),
            WebSocketRoute("/socket", fail_in_socket),
        ],
        middleware=[Middleware(Gate, sessions=house.sessions, witness=house.witness)],
        exception_handlers=HANDLERS,
    )
    return TestClient(app, cookies={COOKIE: house.token(OWNER)})


def logged(caplog: pytest.LogCaptureFixture) -> str:
    formatter = logging.Formatter("%(name)s %(message)s %(args)s")
    return "\n".join(formatter.format(record) for record in caplog.records)


def test_an_unforeseen_error_is_answered_without_detail(
    browser: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = browser.get("/fail")
    assert answer.status_code == 500
    assert set(answer.json()) == {"error", "message", "advice"}
    assert CANARY not in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ZeroDivisionError" in logged(caplog)
    assert "test_unforeseen_errors.py" in logged(caplog)
    assert CANARY not in logged(caplog)


def test_an_error_in_the_midst_of_an_answer_reaches_no_log(
    browser: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    browser.get("/midway")
    assert "ZeroDivisionError" in logged(caplog)
    assert CANARY not in logged(caplog)


def test_a_socket_that_fails_is_closed(
    browser: TestClient, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    headers = {"Cookie": f"{COOKIE}={house.token(OWNER)}", "Origin": "http://testserver"}
    with (
        browser.websocket_connect("/socket", headers=headers) as socket,
        pytest.raises(WebSocketDisconnect) as closed,
    ):
        socket.receive_text()
    assert closed.value.code == 1011
    assert CANARY not in logged(caplog)


def test_a_database_that_fails_at_the_door_is_no_open_door(
    browser: TestClient, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.home.database.dispose()
    (house.home.settings.home / "samspil.db").write_bytes(CANARY.encode() * 4000)
    for suffix in ("-wal", "-shm"):
        (house.home.settings.home / f"samspil.db{suffix}").unlink(missing_ok=True)
    answer = browser.get("/midway")
    assert answer.status_code == 500
    assert CANARY not in answer.text + logged(caplog)


def everything_asked(house: House, recording: str) -> Iterator[Any]:
    """Walk a recording through its cycle, faults included, and yield each answer."""
    sequence = {"start_ms": 1, "end_ms": 9_000, "title": CANARY, "kind": "strength"}
    note = {"at_ms": 1, "kind": "seen_heard", "visibility": "shared", "text": CANARY}
    plan = {"with_whom": "A", "will_try": [CANARY], "will_notice": CANARY, "goal": CANARY}
    owner, supervisor = house.browser(OWNER), house.browser(SUPERVISOR)
    yield intend(owner, recording, "write_wish", text=CANARY)
    yield intend(supervisor, recording, "add_sequence", **sequence, prompt=CANARY)
    yield intend(supervisor, recording, "add_sequence", **sequence | {"start_ms": CANARY})
    yield intend(supervisor, recording, "add_sequence", **sequence, id=f"{CANARY} {CANARY}")
    yield intend(supervisor, recording, "add_tag", code=CANARY, start_ms=1, end_ms=2)
    yield intend(supervisor, recording, CANARY, **{CANARY: CANARY})
    made = intend(owner, recording, "write_note", **note)
    yield made
    known = {"id": made.json()["result"]["id"]}
    yield intend(owner, recording, "write_note", **note, **known, revision=1)
    yield intend(owner, recording, "write_note", **note, **known, revision=1)  # a conflict
    yield intend(owner, recording, "keep_draft", field="note", text=CANARY)
    yield intend(owner, recording, "keep_draft", field=f"{CANARY} æ", text=CANARY)
    yield intend(supervisor, recording, "release")
    yield intend(owner, recording, "end_meeting")
    agreed = {"items": [], "agreements": [CANARY], "plan": plan}
    yield intend(owner, recording, "save_minutes", **agreed, revision=1)
    yield intend(supervisor, recording, "save_minutes", **agreed, revision=1)  # a conflict
    yield intend(supervisor, recording, "write_wish", text=CANARY)  # the wrong side
    yield house.browser("xenia").get(f"/api/recordings/{recording}/desk")
    yield owner.get(f"/api/recordings/{recording}/desk")
    yield owner.get(f"/api/recordings/{recording}/captions.vtt")


def test_what_people_say_and_write_is_in_no_log_no_audit_no_address(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    recording = house.recording()
    house.transcript(recording, [turn(0, f"{CANARY} sagde den unge")])
    house.put(recording, BlobRole.PROXY, CANARY.encode())
    answers = list(everything_asked(house, recording))
    assert {200, 400, 403, 409} <= {answer.status_code for answer in answers}
    for answer in answers:
        assert answer.status_code < 500
        assert CANARY not in str(answer.request.url)
        assert CANARY not in str(answer.headers)
        if answer.status_code not in {200, 409}:
            assert CANARY not in answer.text
    assert CANARY not in logged(caplog)
    with house.home.reading() as tx:
        assert audit.verify(tx) > 0
        assert CANARY not in str(audit.entries_about(tx, recording))


def test_nothing_written_lies_in_plain(house: House) -> None:
    recording = house.recording()
    house.transcript(recording, [turn(0, f"{CANARY} sagde den unge")])
    list(everything_asked(house, recording))
    house.home.close()
    for path in house.home.settings.home.rglob("*"):
        if path.is_file():
            assert CANARY.encode() not in path.read_bytes(), path

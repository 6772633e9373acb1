"""A joint room on a real home, people in it, and what is said and heard over their sockets."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from consent.model import RecordingId
from review_app.sessions import COOKIE
from storage.records import BlobRole
from tests.house import House, turn
from tests.patient_rooms import patient_rooms


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    """Give a browser to a server."""
    with patient_rooms(), TestClient(house.app) as client:
        yield client


@pytest.fixture
def recording(house: House) -> RecordingId:
    """Give a recording with film, text and a sequence, released for the meeting."""
    recording = house.recording()
    house.transcript(recording, [turn(0, "Hej")])
    house.put(recording, BlobRole.PROXY, b"film" * 100)
    house.release(recording)
    return recording


@contextmanager
def entered(
    house: House, client: TestClient, recording: str, login: str
) -> Iterator[tuple[WebSocketTestSession, str]]:
    """Let someone into a room; gives their socket and the token they are signed in with."""
    token = house.token(login)
    headers = {"Cookie": f"{COOKIE}={token}", "Origin": "http://testserver"}
    with client.websocket_connect(f"/api/rooms/{recording}", headers=headers) as socket:
        yield socket, token


def hear(socket: WebSocketTestSession, kind: str, /, **wanted: object) -> dict[str, Any]:
    """Return the next message of a kind in which the named values stand."""
    for _ in range(200):
        message: dict[str, Any] = json.loads(socket.receive_text())
        if message["t"] == kind and all(message.get(k) == v for k, v in wanted.items()):
            return message
    raise AssertionError(kind)


def say(socket: WebSocketTestSession, kind: str, /, **values: object) -> None:
    """Send a message."""
    socket.send_text(json.dumps({"t": kind, **values}))


def now_in(socket: WebSocketTestSession) -> float:
    """Return the room's clock, in milliseconds."""
    say(socket, "ping")
    now: float = hear(socket, "pong")["s2"]
    return now


def reason(socket: WebSocketTestSession) -> str:
    """Return why a room was closed to someone."""
    found: str = hear(socket, "closed")["reason"]
    with pytest.raises(WebSocketDisconnect):
        socket.receive_text()
    return found

"""A server killed in the middle of a film, and another that goes on."""

import os
import socket
import threading
import time
from base64 import b64encode
from contextlib import ExitStack, suppress
from pathlib import Path

from review_app.sessions import COOKIE
from storage import consent_ledger
from storage.media import open_media
from storage.records import BlobRole
from storage.vault.segments import LAYOUT
from tests.house import OWNER, open_house
from tests.served_uploads import Server

FILM = os.urandom(24 * 1024 * 1024 + 5)


def send_what_can_be_sent(connection: socket.socket, content: bytes) -> None:
    with suppress(OSError):
        connection.sendall(content)


def test_a_film_survives_the_kill_of_the_server_that_takes_it_in(tmp_path: Path) -> None:
    with ExitStack() as stack:
        house = open_house(stack, tmp_path / "home")
        recording = house.recording(processed=False)
        about = {"Tus-Resumable": "1.0.0", "Cookie": f"{COOKIE}={house.token(OWNER)}"}
        piece = about | {"Content-Type": "application/offset+octet-stream"}
        meta = f"recording {b64encode(recording.encode()).decode()}"
        first = Server(tmp_path / "home", stack)
        created = about | {"Upload-Length": str(len(FILM)), "Upload-Metadata": meta}
        status, told = first.ask("POST", "/api/uploads", created)
        assert status == 201
        where = told["location"]

        half = len(FILM) // 2
        connection = socket.create_connection(("127.0.0.1", first.port))
        lines = [f"PATCH {where} HTTP/1.1", "Host: x", "Upload-Offset: 0"]
        lines += [f"{k}: {v}" for k, v in piece.items()] + [f"Content-Length: {len(FILM)}"]
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n")
        sending = threading.Thread(target=send_what_can_be_sent, args=(connection, FILM[:half]))
        sending.start()
        spool = tmp_path / "home" / "spool" / "uploads"
        deadline = time.monotonic() + 300
        while sum(p.stat().st_size for p in spool.rglob("*") if p.is_file()) < half // 2:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        first.kill()
        sending.join()
        connection.close()

        second = Server(tmp_path / "home", stack)
        status, told = second.ask("HEAD", where, about)
        offset = int(told["upload-offset"])
        assert status == 200
        assert LAYOUT.segment_bytes < offset < len(FILM)
        going_on = piece | {"Upload-Offset": str(offset)}
        status, told = second.ask("PATCH", where, going_on, FILM[offset:])
        assert (status, told["upload-offset"]) == (204, str(len(FILM)))
        with house.home.reading() as tx:
            permit = consent_ledger.permit(tx, recording)
            with open_media(house.home, tx, permit, BlobRole.SOURCE) as film:
                assert film.read() == FILM

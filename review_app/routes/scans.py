"""The picture of a signed paper, on its way in and back to the one who took it.

It is evidence of an answer, so it may arrive before everyone has answered. It lies encrypted with
the recording's own key, and only the recording's caseworker sees it again; each look is noted.
What kind of file it is, its first bytes say: the name and the type that a browser tells are not
read.
"""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consent.model import EvidenceId, RecordingId
from review_app.commands import intake
from review_app.errors import ScanTooLarge, ScanUnreadable
from storage.home import Home
from storage.media import keep_scan, scan_in_the_clear
from storage.records import User

LARGEST_SCAN: Final = 20 * 1024 * 1024
_PATH: Final = "/api/recordings/{recording}/evidence/{evidence}/scan"
_RIFF: Final = b"RIFF"
_BEGINNINGS: Final[Mapping[bytes, str]] = MappingProxyType(
    {
        b"\xff\xd8\xff": "image/jpeg",
        b"\x89PNG\r\n\x1a\n": "image/png",
        b"%PDF-": "application/pdf",
    }
)


class ScanRoutes:
    """Takes in and shows the pictures of signed papers."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(_PATH, self.keep, methods=["POST"]),
            Route(_PATH, self.show, methods=["GET"]),
        ]

    async def keep(self, request: Request) -> Response:
        """Take in a picture or a PDF of at most 20 MiB, after asking who it is that sends it."""
        who, recording, evidence = _asked(request)
        await to_thread.run_sync(partial(self._check, who, recording, evidence))
        picture = await _body(request)
        media_type_of(picture)
        await to_thread.run_sync(partial(self._keep, who, recording, evidence, picture))
        return Response(status_code=204)

    async def show(self, request: Request) -> Response:
        """Answer the picture in the window, not as a file that would stay on the disk."""
        who, recording, evidence = _asked(request)
        picture = await to_thread.run_sync(partial(self._show, who, recording, evidence))
        headers = {"Content-Disposition": "inline"}
        return Response(picture, headers=headers, media_type=media_type_of(picture))

    def _check(self, user: User, recording: RecordingId, evidence: EvidenceId) -> None:
        with self._home.reading() as tx:
            intake.check_may_scan(tx, user, recording, evidence)

    def _keep(
        self, user: User, recording: RecordingId, evidence: EvidenceId, picture: bytes
    ) -> None:
        kept = keep_scan(self._home, recording, picture)
        with self._home.transaction() as tx:
            intake.keep_scan(tx, user, recording, evidence, kept=kept)

    def _show(self, user: User, recording: RecordingId, evidence: EvidenceId) -> bytes:
        with self._home.transaction() as tx:
            scan = intake.view_scan(tx, user, recording, evidence)
        return scan_in_the_clear(self._home, scan)


def media_type_of(untrusted: bytes) -> str:
    """Return what kind of picture or paper a file is, by its first bytes.

    Raises:
        ScanUnreadable: It is none of JPEG, PNG, WebP and PDF.
    """
    for beginning, media_type in _BEGINNINGS.items():
        if untrusted.startswith(beginning):
            return media_type
    if untrusted.startswith(_RIFF) and untrusted[8:12] == b"WEBP":
        return "image/webp"
    raise ScanUnreadable


async def _body(request: Request) -> bytes:
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > LARGEST_SCAN:
            raise ScanTooLarge
    return bytes(received)


def _asked(request: Request) -> tuple[User, RecordingId, EvidenceId]:
    params = request.path_params
    return request.state.user, RecordingId(params["recording"]), EvidenceId(params["evidence"])

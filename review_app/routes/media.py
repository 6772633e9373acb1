"""Film, captions and thumbnails, in pieces small enough that permission is asked for often.

A range answer holds at most 4 MiB. That is legal (RFC 9110 §15.3.7: the server may send less
than was asked), the browser asks again, and so session, relationship and consent are checked
every few seconds of film. What is not the reader's looks the same as what does not exist.
"""

import re
from dataclasses import dataclass
from functools import partial
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consent.model import RecordingId
from review_app.captions import captions
from review_app.commands.access import access_to, viewing_of
from review_app.witness import Shown, Witness
from storage.home import Home
from storage.media import open_media, transcript_of
from storage.records import BlobRole, User

LARGEST_ANSWER: Final = 4 * 1024 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes ``[start, end)`` of a blob of ``size`` bytes."""

    start: int
    end: int
    size: int
    data: bytes


class RangeUnsatisfiable(Exception):
    """The range asked for lies outside the film."""

    def __init__(self, size: int) -> None:
        self.size = size
        super().__init__(type(self).__doc__)


class MediaRoutes:
    """Serves what a recording's two people may see."""

    def __init__(self, home: Home, *, witness: Witness) -> None:
        self._home = home
        self._witness = witness

    def routes(self) -> list[Route]:
        """Return the routes under ``/api/recordings/{id}``."""
        base = "/api/recordings/{recording}"
        return [
            Route(f"{base}/media", self.film, methods=["GET", "HEAD"]),
            Route(f"{base}/captions.vtt", self.captions, methods=["GET"]),
            Route(f"{base}/thumbnails", self.thumbnails, methods=["GET"]),
        ]

    async def film(self, request: Request) -> Response:
        """Answer a range of the film."""
        user: User = request.state.user
        recording = RecordingId(request.path_params["recording"])
        head = request.method == "HEAD"
        asked = None if head else request.headers.get("range")
        try:
            piece = await to_thread.run_sync(
                partial(self._piece, user, recording, asked=asked, head=head)
            )
        except RangeUnsatisfiable as error:
            return Response(status_code=416, headers={"Content-Range": f"bytes */{error.size}"})
        headers = {"Accept-Ranges": "bytes", "Content-Disposition": "inline"}
        whole = piece.end - piece.start == piece.size
        if asked is None and (whole or head):
            headers["Content-Length"] = str(piece.size)
            return Response(piece.data, headers=headers, media_type="video/mp4")
        headers["Content-Range"] = f"bytes {piece.start}-{piece.end - 1}/{piece.size}"
        headers["Content-Length"] = str(piece.end - piece.start)
        return Response(piece.data, status_code=206, headers=headers, media_type="video/mp4")

    async def captions(self, request: Request) -> Response:
        """Answer the transcript as WebVTT."""
        user: User = request.state.user
        recording = RecordingId(request.path_params["recording"])
        text = await to_thread.run_sync(partial(self._captions, user, recording))
        return Response(text, media_type="text/vtt; charset=utf-8")

    async def thumbnails(self, request: Request) -> Response:
        """Answer the strip of small pictures."""
        user: User = request.state.user
        recording = RecordingId(request.path_params["recording"])
        strip = await to_thread.run_sync(partial(self._thumbnails, user, recording))
        return Response(strip, media_type="image/jpeg")

    def _piece(self, user: User, recording: RecordingId, *, asked: str | None, head: bool) -> Piece:
        with self._home.reading() as tx:
            permit = viewing_of(tx, user, recording).permit
            with open_media(self._home, tx, permit, BlobRole.PROXY) as film:
                start, end = span_of(asked, size=film.size)
                data = b"" if head else film.pread(start, end - start)
                piece = Piece(start, end, film.size, data)
        if not head:
            self._witness.shown(user.id, recording, Shown.FILM)
        return piece

    def _captions(self, user: User, recording: RecordingId) -> str:
        with self._home.reading() as tx:
            permit = viewing_of(tx, user, recording).permit
            text = captions(transcript_of(self._home, tx, permit).turns)
        self._witness.shown(user.id, recording, Shown.CAPTIONS)
        return text

    def _thumbnails(self, user: User, recording: RecordingId) -> bytes:
        with self._home.reading() as tx:
            access = access_to(tx, user, recording)
            with open_media(self._home, tx, access.permit, BlobRole.THUMBNAILS) as opened:
                strip = opened.read()
        self._witness.shown(user.id, recording, Shown.THUMBNAILS)
        return strip


def span_of(untrusted_range: str | None, *, size: int) -> tuple[int, int]:
    """Return the half-open span to answer a Range header with, at most 4 MiB of it.

    Raises:
        RangeUnsatisfiable: It is malformed, empty, or lies outside the film.
    """
    if untrusted_range is None:
        return 0, min(size, LARGEST_ANSWER)
    match = _RANGE.fullmatch(untrusted_range.strip())
    if match is None or match.groups() == ("", ""):
        raise RangeUnsatisfiable(size)
    first, last = match.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
    if start >= end:
        raise RangeUnsatisfiable(size)
    return start, min(end, start + LARGEST_ANSWER)

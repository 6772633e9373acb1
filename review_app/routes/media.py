"""Film, captions and thumbnails. Permission is asked for again and again while a film is sent.

A film goes out in pieces. Before the next one after 4 MiB, session, relationship and consent are
asked for anew; where one of them has ended the answer breaks off, for its head has gone out and
nothing more can be said. What is not the reader's looks the same as what does not exist.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Send

from consent.errors import ConsentError
from consent.gate import Permit
from consent.model import RecordingId
from review_app.captions import captions
from review_app.commands.access import Access, Viewing, access_to, viewing_of
from review_app.errors import Denied, ReviewError
from review_app.ranges import Answer, answer_to
from review_app.routes.problems import tell
from review_app.sessions import Sessions, session_token
from review_app.witness import Shown, Witness
from storage.errors import StorageError
from storage.home import Home
from storage.media import open_media, transcript_of
from storage.records import BlobRole, User, UserId
from storage.transaction import Transaction
from storage.vault import RUN_BYTES, VaultReader

_Door = Callable[[Transaction, User, RecordingId], Access | Viewing]
ASKED_EVERY_BYTES: Final = 4 * 1024 * 1024
"""Half a minute of film."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What of a recording is sent, and who may have it."""

    role: BlobRole
    media_type: str
    shown: Shown
    door: _Door


_FILM: Final = _Kind(BlobRole.PROXY, "video/mp4", Shown.FILM, viewing_of)
_THUMBNAILS: Final = _Kind(BlobRole.THUMBNAILS, "image/jpeg", Shown.THUMBNAILS, access_to)


@dataclass(frozen=True, slots=True)
class _Sent:
    """A question and what it is answered with."""

    request: Request
    kind: _Kind
    opened: VaultReader
    answer: Answer

    def headers(self) -> dict[str, str]:
        """Return what stands at the answer's head."""
        start, end, size = self.answer.start, self.answer.end, self.opened.size
        about = {"ETag": _etag(self.opened), "Accept-Ranges": "bytes"}
        content = {"Content-Type": self.kind.media_type, "Content-Length": str(end - start)}
        match self.answer.status:
            case HTTPStatus.OK:
                return about | content
            case HTTPStatus.PARTIAL_CONTENT:
                return about | content | {"Content-Range": f"bytes {start}-{end - 1}/{size}"}
            case HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                return about | {"Content-Range": f"bytes */{size}"}
            case _:
                return about


class _SignedOut(Exception):
    """The session has ended while the film was being sent."""


class MediaRoutes:
    """Serves what a recording's two people may see."""

    def __init__(
        self,
        home: Home,
        sessions: Sessions,
        *,
        witness: Witness,
        is_at_meeting: Callable[[UserId, RecordingId], bool] = lambda _user, _recording: False,
    ) -> None:
        self._home = home
        self._sessions = sessions
        self._witness = witness
        self._is_at_meeting = is_at_meeting

    def routes(self) -> list[Route]:
        """Return the routes under ``/api/recordings/{id}``."""
        base = "/api/recordings/{recording}"
        return [
            Route(f"{base}/media", self.film, methods=["GET", "HEAD"]),
            Route(f"{base}/captions.vtt", self.captions, methods=["GET"]),
            Route(f"{base}/thumbnails", self.thumbnails, methods=["GET"]),
        ]

    async def film(self, request: Request) -> Response:
        """Answer the film or a range of it."""
        return await self._answer(request, _FILM)

    async def thumbnails(self, request: Request) -> Response:
        """Answer the sheets of small pictures, or one of them as a range."""
        return await self._answer(request, _THUMBNAILS)

    async def captions(self, request: Request) -> Response:
        """Answer the transcript as WebVTT."""
        user: User = request.state.user
        text = await to_thread.run_sync(partial(self._captions, user, _recording(request)))
        return Response(text, media_type="text/vtt; charset=utf-8")

    async def _answer(self, request: Request, kind: _Kind) -> Response:
        sent, first = await to_thread.run_sync(partial(self._begin, request, kind))
        status, headers = sent.answer.status, sent.headers()
        if not first:
            return Response(status_code=status, headers=headers)
        pieces = self._pieces(sent, first)
        return _Breakable(pieces, request=request, status_code=status, headers=headers)

    def _begin(self, request: Request, kind: _Kind) -> tuple[_Sent, list[memoryview]]:
        """Return what is sent, and the first pieces of it, if any are."""
        head = request.method == "HEAD"
        with self._home.reading() as tx:
            permit = self._come(tx, kind.door, request.state.user, _recording(request))
            opened = open_media(self._home, tx, permit, kind.role)
        answer = answer_to(request.headers, etag=_etag(opened), size=opened.size, head=head)
        sent = _Sent(request, kind, opened, answer)
        if head or answer.start == answer.end:
            return sent, []
        self._witness.shown(request.state.user.id, permit.recording, kind.shown)
        return sent, opened.run(answer.start, answer.end)

    async def _pieces(self, sent: _Sent, first: list[memoryview]) -> AsyncIterator[memoryview]:
        at = asked_at = sent.answer.start
        pieces = first
        while pieces:
            for piece in pieces:
                at += len(piece)
                yield piece
            asks = at + RUN_BYTES > asked_at + ASKED_EVERY_BYTES
            asked_at = at if asks else asked_at
            pieces = await to_thread.run_sync(partial(self._next, sent, at, asks=asks))

    def _next(self, sent: _Sent, at: int, *, asks: bool) -> list[memoryview]:
        if at == sent.answer.end:
            return []
        if asks:
            self._ask_again(sent.request, sent.kind)
        return sent.opened.run(at, sent.answer.end)

    def _ask_again(self, request: Request, kind: _Kind) -> None:
        recording = _recording(request)
        user = self._sessions.user_of(session_token(request))
        if user is None:
            raise _SignedOut
        with self._home.reading() as tx:
            self._come(tx, kind.door, user, recording)
        self._witness.shown(user.id, recording, kind.shown)

    def _come(self, tx: Transaction, door: _Door, user: User, recording: RecordingId) -> Permit:
        """Return the permit behind a door; a guest's opens while the meeting is on."""
        came = door(tx, user, recording)
        as_guest = isinstance(came, Viewing) and came.at_meeting
        if as_guest and not self._is_at_meeting(user.id, recording):
            raise Denied
        return came.permit

    def _captions(self, user: User, recording: RecordingId) -> str:
        with self._home.reading() as tx:
            permit = self._come(tx, viewing_of, user, recording)
            text = captions(transcript_of(self._home, tx, permit).turns)
        self._witness.shown(user.id, recording, Shown.CAPTIONS)
        return text


class _Breakable(StreamingResponse):
    """Sends pieces, and breaks off where they end too soon."""

    def __init__(
        self,
        pieces: AsyncIterator[memoryview],
        *,
        request: Request,
        status_code: int,
        headers: dict[str, str],
    ) -> None:
        super().__init__(pieces, status_code=status_code, headers=headers)
        self._request = request

    async def stream_response(self, send: Send) -> None:
        """Send; what is left unfinished makes the server close the connection."""
        try:
            await super().stream_response(send)
        except _SignedOut:
            return
        except (ReviewError, ConsentError, StorageError) as error:
            await to_thread.run_sync(tell, self._request, error)  # a refusal is noted


def _recording(request: Request) -> RecordingId:
    return RecordingId(request.path_params["recording"])


def _etag(opened: VaultReader) -> str:
    return f'"{opened.version}"'

"""A copy of film or captions, for a stated reason, where the site allows copies at all.

It is asked for with a form, so that the browser writes a long film to the disk as it comes. Each
piece asks for relationship and consent anew: a withdrawal cuts the copy off.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from consent.model import RecordingId
from review_app.captions import captions, subtitles
from review_app.commands.access import access_to
from review_app.errors import BadRequest, DownloadsOff, TooLarge
from review_app.routes.media import ASKED_EVERY_BYTES
from storage.home import Home
from storage.media import open_media, transcript_of
from storage.records import BlobRole, ExportReason, Turn, User

_LARGEST_FORM: Final = 4 * 1024


class Exported(StrEnum):
    """What may be taken out."""

    FILM = "film"
    CAPTIONS = "captions"
    SUBTITLES = "subtitles"


_TEXTS: Final[Mapping[Exported, tuple[Callable[[Iterable[Turn]], str], str, str]]] = (
    MappingProxyType(
        {
            Exported.CAPTIONS: (captions, "text/vtt", "vtt"),
            Exported.SUBTITLES: (subtitles, "application/x-subrip", "srt"),
        }
    )
)
"""How each kind of text is written, what type it is, and how its name ends."""


class ExportRoute:
    """Hands out copies to the two whose recording it is."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def routes(self) -> list[Route]:
        """Return the route under ``/api/recordings/{id}``."""
        return [Route("/api/recordings/{recording}/export", self.export, methods=["POST"])]

    async def export(self, request: Request) -> Response:
        """Answer a copy as an attachment; its name is the recording's id and nothing else."""
        user: User = request.state.user
        recording = RecordingId(request.path_params["recording"])
        length = request.headers.get("content-length", "")[:9]
        if not length.isdecimal() or int(length) > _LARGEST_FORM:
            raise TooLarge
        form = await request.form(max_files=0, max_fields=2)
        try:
            what = Exported(str(form.get("what")))
            reason = ExportReason(str(form.get("reason")))
        except ValueError:
            raise BadRequest from None
        size = await to_thread.run_sync(
            partial(self._note, user, recording, what=what, reason=reason)
        )
        if what in _TEXTS:
            write, media_type, suffix = _TEXTS[what]
            text = await to_thread.run_sync(partial(self._text, user, recording, write=write))
            return Response(
                text,
                media_type=f"{media_type}; charset=utf-8",
                headers=_attached(recording, suffix),
            )
        return StreamingResponse(
            self._film(user, recording, size=size),
            media_type="video/mp4",
            headers=_attached(recording, "mp4") | {"Content-Length": str(size)},
        )

    def _note(
        self, user: User, recording: RecordingId, *, what: Exported, reason: ExportReason
    ) -> int:
        """Write in the audit log what goes out and why, and return its size in bytes if known."""
        with self._home.transaction() as tx:
            access = access_to(tx, user, recording)
            if not self._home.settings.downloads:
                raise DownloadsOff
            if what in _TEXTS:
                size = 0
                transcript_of(self._home, tx, access.permit)
            else:
                with open_media(self._home, tx, access.permit, BlobRole.PROXY) as film:
                    size = film.size
            access.note_in_audit("exported", what=what, reason=reason)
            return size

    def _text(
        self, user: User, recording: RecordingId, *, write: Callable[[Iterable[Turn]], str]
    ) -> str:
        with self._home.reading() as tx:
            permit = access_to(tx, user, recording).permit
            return write(transcript_of(self._home, tx, permit).turns)

    def _film(self, user: User, recording: RecordingId, *, size: int) -> Iterator[bytes]:
        for start in range(0, size, ASKED_EVERY_BYTES):
            with self._home.reading() as tx:
                permit = access_to(tx, user, recording).permit
                with open_media(self._home, tx, permit, BlobRole.PROXY) as film:
                    piece = film.pread(start, min(ASKED_EVERY_BYTES, size - start))
            yield piece


def _attached(recording: RecordingId, suffix: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{recording}.{suffix}"'}

"""Resumable upload: tus 1.0.0 core with creation and termination (https://tus.io, 2016).

Who asks is known before a byte of the body is read. Each segment is encrypted as it arrives;
only whole segments count, so the offset told to the browser is what would survive a power cut:
it is read from the vault, for a process that is killed leaves the database behind.
The film's name never arrives: metadata other than the recording's id is not read.
"""

from base64 import b64decode
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from anyio import to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from consent.errors import ConsentError
from consent.model import RecordingId
from review_app.commands import intake
from review_app.errors import BadRequest, ReviewError, TooLarge
from review_app.routes.problems import tell
from storage import uploads
from storage.errors import StorageError
from storage.home import Home
from storage.records import Upload, UploadId, User
from storage.vault.errors import UploadBusy, UploadMissing
from storage.vault.resumable import ResumableUpload

_VERSION: Final = "1.0.0"
_TUS: Final = {"Tus-Resumable": _VERSION}
_BODY_TYPE: Final = "application/offset+octet-stream"
_GIB: Final = 1024**3
_MOST_DIGITS: Final = 18

Handler = Callable[[Request], Awaitable[Response]]


def _tus(answer: Handler) -> Handler:
    """Answer only who speaks this version of the protocol, and in it, refusals too."""

    async def answer_in_tus(request: Request) -> Response:
        if request.headers.get("tus-resumable") != _VERSION:
            return Response(status_code=412, headers=_TUS | {"Tus-Version": _VERSION})
        try:
            response = await answer(request)
        except (ReviewError, ConsentError, StorageError) as error:
            response = tell(request, error)
        response.headers.update(_TUS)
        return response

    return answer_in_tus


class UploadRoutes:
    """Takes in films of the caseworker's own recordings."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._busy: set[UploadId] = set()

    def routes(self) -> list[Route]:
        """Return the tus routes."""
        return [
            Route("/api/uploads", self.options, methods=["OPTIONS"]),
            Route("/api/uploads", _tus(self.create), methods=["POST"]),
            Route("/api/uploads/{upload}", _tus(self.head), methods=["HEAD"]),
            Route("/api/uploads/{upload}", _tus(self.patch), methods=["PATCH"]),
            Route("/api/uploads/{upload}", _tus(self.terminate), methods=["DELETE"]),
        ]

    async def options(self, _request: Request) -> Response:
        """Tell what this server can do."""
        largest = int(self._home.settings.max_upload_gib * _GIB)
        return Response(
            status_code=204,
            headers=_TUS
            | {
                "Tus-Version": _VERSION,
                "Tus-Extension": "creation,termination",
                "Tus-Max-Size": str(largest),
            },
        )

    async def create(self, request: Request) -> Response:
        """Open an upload for one of the caseworker's recordings."""
        length = _whole_number(request.headers.get("upload-length"))
        if length is None or length == 0:
            raise BadRequest
        meta = _metadata(request.headers.get("upload-metadata", ""))
        recording = RecordingId(meta.get("recording", ""))
        upload = await to_thread.run_sync(
            partial(self._create, request.state.user, recording, length=length)
        )
        return Response(status_code=201, headers={"Location": f"/api/uploads/{upload.id}"})

    async def head(self, request: Request) -> Response:
        """Tell how much of a film is safe."""
        upload = await to_thread.run_sync(self._own, request)
        if upload.id in self._busy:
            raise UploadBusy
        offset = await to_thread.run_sync(self._settle, upload)
        return Response(headers={"Upload-Offset": str(offset), "Upload-Length": str(upload.length)})

    async def patch(self, request: Request) -> Response:
        """Take in the next bytes of a film."""
        upload = await to_thread.run_sync(self._own, request)
        if request.headers.get("content-type") != _BODY_TYPE:
            return Response(status_code=415)
        if upload.id in self._busy:
            raise UploadBusy
        self._busy.add(upload.id)
        try:
            part = await to_thread.run_sync(self._resume, upload)
            try:
                status = await self._take_in(request, part)
            finally:
                await to_thread.run_sync(part.close)
                await to_thread.run_sync(partial(self._commit, upload, offset=part.offset))
            return Response(status_code=status, headers={"Upload-Offset": str(part.offset)})
        finally:
            self._busy.discard(upload.id)

    async def terminate(self, request: Request) -> Response:
        """Stop an upload and delete what has arrived."""
        upload = await to_thread.run_sync(self._own, request)
        await to_thread.run_sync(self._terminate, upload)
        return Response(status_code=204)

    async def _take_in(self, request: Request, part: ResumableUpload) -> int:
        if _whole_number(request.headers.get("upload-offset")) != part.offset:
            return 409
        left = part.length - part.offset
        if (_whole_number(request.headers.get("content-length")) or 0) > left:
            raise TooLarge
        try:
            async for chunk in request.stream():
                left -= len(chunk)
                if left < 0:
                    raise TooLarge
                await to_thread.run_sync(part.append, chunk)
        except ClientDisconnect:
            pass  # what was whole is kept; the browser asks for the offset and goes on
        return 204

    def _create(self, user: User, recording: RecordingId, *, length: int) -> Upload:
        with self._home.transaction() as tx:
            upload = intake.begin_upload(
                tx,
                user,
                recording,
                length=length,
                media_type="",
                max_gib=self._home.settings.max_upload_gib,
            )
        self._home.vault.begin_upload(recording, upload=upload.id, length=length).close()
        return upload

    def _resume(self, upload: Upload) -> ResumableUpload:
        return self._home.vault.resume_upload(
            upload.recording, upload=upload.id, length=upload.length
        )

    def _settle(self, upload: Upload) -> int:
        """Return how much is safe, and do what a killed process left undone."""
        try:
            with self._resume(upload) as part:
                offset = part.offset
        except UploadMissing:
            offset = upload.length  # the vault may have the whole film, and nobody noted it
        self._commit(upload, offset=offset)
        return offset

    def _own(self, request: Request) -> Upload:
        with self._home.reading() as tx:
            wanted = UploadId(request.path_params["upload"])
            return intake.own_upload(tx, request.state.user, wanted)

    def _commit(self, upload: Upload, *, offset: int) -> None:
        source = (
            self._home.vault.finish_upload(upload.recording, upload=upload.id, length=upload.length)
            if offset == upload.length
            else None
        )
        with self._home.transaction() as tx:
            uploads.set_offset(tx, upload.id, offset=offset)
            if source is not None:
                uploads.finish_upload(tx, upload.id, source=source)
                intake.process_if_permitted(tx, upload.recording)

    def _terminate(self, upload: Upload) -> None:
        self._home.vault.forget_upload(upload.recording, upload=upload.id)
        with self._home.transaction() as tx:
            uploads.end_upload(tx, upload.id)


def _whole_number(untrusted: str | None) -> int | None:
    if untrusted is None or not untrusted.isdecimal() or len(untrusted) > _MOST_DIGITS:
        return None
    return int(untrusted)


def _metadata(untrusted: str) -> dict[str, str]:
    """Return the metadata pairs of a tus request; a broken value counts as absent."""
    pairs: dict[str, str] = {}
    for pair in untrusted.split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            pairs[key] = b64decode(value, validate=True).decode()
        except ValueError:
            continue
    return pairs

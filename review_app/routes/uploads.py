"""Resumable upload: tus 1.0.0 core with creation and termination (https://tus.io, 2016).

Who asks is known before a byte of the body is read. Each segment is encrypted as it arrives;
only whole segments count, so the offset told to the browser is what would survive a power cut.
The film's name never arrives: metadata other than the recording's id is not read.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from functools import partial
from typing import Final

from anyio import to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from consent.model import RecordingId
from review_app.commands import intake
from review_app.errors import BadRequest
from storage import uploads
from storage.home import Home
from storage.records import Upload, UploadId, User
from storage.vault.resumable import ResumableUpload

_TUS: Final = {"Tus-Resumable": "1.0.0"}
_BODY_TYPE: Final = "application/offset+octet-stream"
_GIB: Final = 1024**3


class UploadRoutes:
    """Takes in films of the caseworker's own recordings."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._busy: set[UploadId] = set()

    def routes(self) -> list[Route]:
        """Return the tus routes."""
        return [
            Route("/api/uploads", self.options, methods=["OPTIONS"]),
            Route("/api/uploads", self.create, methods=["POST"]),
            Route("/api/uploads/{upload}", self.head, methods=["HEAD"]),
            Route("/api/uploads/{upload}", self.patch, methods=["PATCH"]),
            Route("/api/uploads/{upload}", self.terminate, methods=["DELETE"]),
        ]

    async def options(self, _request: Request) -> Response:
        """Tell what this server can do."""
        largest = int(self._home.settings.max_upload_gib * _GIB)
        return Response(
            status_code=204,
            headers=_TUS
            | {
                "Tus-Version": "1.0.0",
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
        location = {"Location": f"/api/uploads/{upload.id}"}
        return Response(status_code=201, headers=_TUS | location)

    async def head(self, request: Request) -> Response:
        """Tell how much of a film is safe."""
        upload = await to_thread.run_sync(self._own, request)
        return Response(
            headers=_TUS
            | {"Upload-Offset": str(upload.offset), "Upload-Length": str(upload.length)}
        )

    async def patch(self, request: Request) -> Response:
        """Take in the next bytes of a film."""
        upload = await to_thread.run_sync(self._own, request)
        if request.headers.get("content-type") != _BODY_TYPE:
            return Response(status_code=415, headers=_TUS)
        if _whole_number(request.headers.get("upload-offset")) != upload.offset:
            return Response(status_code=409, headers=_TUS)
        if upload.id in self._busy:
            return Response(status_code=423, headers=_TUS)
        self._busy.add(upload.id)
        try:
            part = await to_thread.run_sync(self._resume, upload)
            try:
                status = await self._take_in(request, part, length=upload.length)
            finally:
                await to_thread.run_sync(part.close)
                await to_thread.run_sync(partial(self._commit, upload, offset=part.offset))
            headers = _TUS | {"Upload-Offset": str(part.offset)}
            return Response(status_code=status, headers=headers)
        finally:
            self._busy.discard(upload.id)

    async def terminate(self, request: Request) -> Response:
        """Stop an upload and delete what has arrived."""
        upload = await to_thread.run_sync(self._own, request)
        await to_thread.run_sync(self._terminate, upload)
        return Response(status_code=204, headers=_TUS)

    async def _take_in(self, request: Request, part: ResumableUpload, *, length: int) -> int:
        taken = part.offset
        try:
            async for chunk in request.stream():
                taken += len(chunk)
                if taken > length:
                    return 413
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

    def _own(self, request: Request) -> Upload:
        with self._home.reading() as tx:
            wanted = UploadId(request.path_params["upload"])
            return intake.own_upload(tx, request.state.user, wanted)

    def _commit(self, upload: Upload, *, offset: int) -> None:
        with self._home.transaction() as tx:
            uploads.set_offset(tx, upload.id, offset=offset)
        if offset == upload.length:
            source = self._home.vault.finish_upload(
                upload.recording, upload=upload.id, length=upload.length
            )
            with self._home.transaction() as tx:
                uploads.finish_upload(tx, upload.id, source=source)
                intake.process_if_permitted(tx, upload.recording)

    def _terminate(self, upload: Upload) -> None:
        self._home.vault.forget_upload(upload.recording, upload=upload.id)
        with self._home.transaction() as tx:
            uploads.end_upload(tx, upload.id)


def _whole_number(untrusted: str | None) -> int | None:
    return int(untrusted) if untrusted is not None and untrusted.isdecimal() else None


def _metadata(untrusted: str) -> dict[str, str]:
    """Return the metadata pairs of a tus request; a broken value counts as absent."""
    pairs: dict[str, str] = {}
    for pair in untrusted.split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            pairs[key] = b64decode(value, validate=True).decode()
        except (NotBase64, UnicodeDecodeError):
            continue
    return pairs

"""Resumable upload by the tus protocol 1.0.0: core, and every extension but concatenation.

Who asks is known before a byte of the body is read. Each segment is encrypted as it arrives,
and the beginning of one when the line ends; so the offset told to the browser is what would
survive a power cut. It is read from the vault, for a process that is killed leaves the database
behind. A piece with a checksum is held back until it has been found right.
The film's name never arrives: metadata other than the ids of recording and part is not read.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Final

from anyio import sleep, to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from consent.errors import ConsentError
from consent.model import RecordingId
from review_app.commands import intake
from review_app.errors import BadRequest, ReviewError, TooLarge
from review_app.routes import tus
from review_app.routes.problems import tell
from storage import uploads
from storage.errors import StorageError
from storage.home import Home
from storage.records import PartId, Upload, UploadId, User
from storage.vault.errors import UploadBusy, UploadMissing
from storage.vault.heldback import HeldBack
from storage.vault.resumable import ResumableUpload

_GIB: Final = 1024**3
_THREAD_BYTES: Final = 1024 * 1024
"""How much is collected before a thread is asked to encrypt it: asking costs as much as 100 KiB."""
_LOOKS: Final = 50
_LOOK_S: Final = 0.1

Handler = Callable[[Request], Awaitable[Response]]
Taker = Callable[[bytearray], object]


def _tus(answer: Handler) -> Handler:
    """Answer only who speaks this version of the protocol, and in it, refusals too."""

    async def answer_in_tus(request: Request) -> Response:
        if request.headers.get("tus-resumable") != tus.VERSION:
            return Response(status_code=412, headers=tus.SPOKEN | {"Tus-Version": tus.VERSION})
        try:
            response = await answer(request)
        except (ReviewError, ConsentError, StorageError) as error:
            response = await to_thread.run_sync(tell, request, error)  # it asks the database
        response.headers.update(tus.SPOKEN)
        return response

    return answer_in_tus


class UploadRoutes:
    """Takes in films of the caseworker's own recordings."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._busy: set[UploadId] = set()

    def routes(self) -> list[Route]:
        """Return the tus routes."""
        one = "/api/uploads/{upload}"
        return [
            Route("/api/uploads", self.options, methods=["OPTIONS"]),
            Route("/api/uploads", _tus(self.create), methods=["POST"]),
            Route(one, self.options, methods=["OPTIONS"]),
            Route(one, _tus(self.head), methods=["HEAD"]),
            Route(one, _tus(self.change), methods=["PATCH", "DELETE", "POST"]),
        ]

    async def options(self, _request: Request) -> Response:
        """Tell what this server can do."""
        largest = int(self._home.settings.max_upload_gib * _GIB)
        return Response(
            status_code=204,
            headers=tus.SPOKEN
            | {
                "Tus-Version": tus.VERSION,
                "Tus-Extension": tus.EXTENSIONS,
                "Tus-Max-Size": str(largest),
                "Tus-Checksum-Algorithm": ",".join(tus.CHECKSUMS),
            },
        )

    async def create(self, request: Request) -> Response:
        """Open an upload for one of the caseworker's recordings, perhaps with its first piece."""
        length = tus.whole_number(request.headers.get("upload-length"))
        if length is None or length == 0:
            raise BadRequest
        comes_with_piece = request.headers.get("content-type") == tus.BODY_TYPE
        checksum = tus.checksum_of(request.headers.get("upload-checksum"))
        meta = tus.metadata_of(request.headers.get("upload-metadata", ""))
        recording, part = RecordingId(meta.get("recording", "")), PartId(meta.get("part", ""))
        upload = await to_thread.run_sync(
            partial(self._create, request.state.user, recording, part=part, length=length)
        )
        headers = {"Location": f"/api/uploads/{upload.id}"} | tus.expires_header(upload.expires_at)
        if not comes_with_piece:
            return Response(status_code=201, headers=headers)
        return await self._receive_first(request, upload, checksum=checksum, headers=headers)

    async def change(self, request: Request) -> Response:
        """Do what a method asks that changes an upload.

        Where a line lets only POST through, a header names the method that is meant. It is
        heard here only: what reads can never be made into what changes.
        """
        method = request.headers.get("x-http-method-override", request.method).upper()
        meant = {"HEAD": self.head, "PATCH": self.patch, "DELETE": self.terminate}.get(method)
        return Response(status_code=405) if meant is None else await meant(request)

    async def head(self, request: Request) -> Response:
        """Tell how much of a film is safe, and of what was told about it all that is kept."""
        upload = await to_thread.run_sync(self._own, request)
        if upload.id in self._busy:
            raise UploadBusy
        offset = await to_thread.run_sync(self._settle, upload)
        return Response(
            headers={"Upload-Offset": str(offset), "Upload-Length": str(upload.length)}
            | tus.metadata_header(**_told_about(upload))
            | tus.expires_header(upload.expires_at)
        )

    async def patch(self, request: Request) -> Response:
        """Take in the next bytes of a film."""
        upload = await to_thread.run_sync(self._own, request)
        if request.headers.get("content-type") != tus.BODY_TYPE:
            return Response(status_code=415)
        checksum = tus.checksum_of(request.headers.get("upload-checksum"))
        offset = tus.whole_number(request.headers.get("upload-offset"))
        return await self._receive(request, upload, offset=offset, checksum=checksum)

    async def terminate(self, request: Request) -> Response:
        """Stop an upload and delete what has arrived."""
        upload = await to_thread.run_sync(self._own, request)
        for _ in range(_LOOKS):  # a piece whose line was cut takes a moment to end
            if upload.id not in self._busy:
                break
            await sleep(_LOOK_S)
        await to_thread.run_sync(self._terminate, upload)
        return Response(status_code=204)

    async def _receive(
        self,
        request: Request,
        upload: Upload,
        *,
        offset: int | None,
        checksum: tus.Checksum | None,
    ) -> Response:
        """Take in a piece and tell how far the film has come."""
        if upload.id in self._busy:
            raise UploadBusy
        self._busy.add(upload.id)
        try:
            part = await to_thread.run_sync(self._resume, upload)
            try:
                status = await self._take_in(request, part, offset=offset, checksum=checksum)
            finally:
                await to_thread.run_sync(part.close)
                expires_at = await to_thread.run_sync(
                    partial(self._commit, upload, offset=part.offset)
                )
            headers = {"Upload-Offset": str(part.offset)} | tus.expires_header(expires_at)
            return Response(status_code=status, headers=headers)
        finally:
            self._busy.discard(upload.id)

    async def _receive_first(
        self,
        request: Request,
        upload: Upload,
        *,
        checksum: tus.Checksum | None,
        headers: dict[str, str],
    ) -> Response:
        """Take in the piece that came with an upload's beginning; refused, both are as if never.

        The sender could not go on: it is not told where.
        """
        try:
            piece = await self._receive(request, upload, offset=0, checksum=checksum)
        except (ReviewError, StorageError):
            await to_thread.run_sync(self._terminate, upload)
            raise
        if piece.status_code == tus.WRONG_CHECKSUM:
            await to_thread.run_sync(self._terminate, upload)
            return Response(status_code=tus.WRONG_CHECKSUM)
        return Response(status_code=201, headers=headers | dict(piece.headers))

    async def _take_in(
        self,
        request: Request,
        part: ResumableUpload,
        *,
        offset: int | None,
        checksum: tus.Checksum | None,
    ) -> int:
        if offset != part.offset:
            return 409
        left = part.length - part.offset
        if (tus.whole_number(request.headers.get("content-length")) or 0) > left:
            raise TooLarge
        if checksum is None:
            await self._read(request, part.append, most=left)
            return 204
        with self._home.vault.hold_back() as held:

            def count(data: bytearray) -> None:
                checksum.add(data)
                held.append(data)

            whole = await self._read(request, count, most=left)
            if not whole:
                return 204
            if not checksum.holds:
                return tus.WRONG_CHECKSUM
            await to_thread.run_sync(_hand_over, held, part)
        return 204

    async def _read(self, request: Request, take: Taker, *, most: int) -> bool:
        """Hand on the body as it comes, and return whether all of it came."""
        waiting = bytearray()
        whole = False
        try:
            async for chunk in request.stream():
                most -= len(chunk)
                if most < 0:
                    raise TooLarge
                waiting += chunk
                if len(waiting) >= _THREAD_BYTES:
                    full, waiting = waiting, bytearray()
                    await to_thread.run_sync(take, full)
            whole = True
        except ClientDisconnect:
            pass  # what has come is kept; the browser asks for the offset and goes on
        if waiting:
            await to_thread.run_sync(take, waiting)
        return whole

    def _create(self, user: User, recording: RecordingId, *, part: PartId, length: int) -> Upload:
        with self._home.transaction() as tx:
            upload = intake.begin_upload(
                tx,
                user,
                recording,
                part=part,
                length=length,
                media_type="",
                max_gib=self._home.settings.max_upload_gib,
            )
        self._home.vault.begin_upload(recording, upload=upload.id, length=length, part=part).close()
        return upload

    def _resume(self, upload: Upload) -> ResumableUpload:
        return self._home.vault.resume_upload(
            upload.recording, upload=upload.id, length=upload.length, part=upload.part
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

    def _commit(self, upload: Upload, *, offset: int) -> datetime:
        """Note how far a film has come, and return until when it is waited for."""
        source = (
            self._home.vault.finish_upload(
                upload.recording, upload=upload.id, length=upload.length, part=upload.part
            )
            if offset == upload.length
            else None
        )
        with self._home.transaction() as tx:
            came = offset > upload.offset
            expires_at = tx.at + uploads.LIFETIME if came else upload.expires_at
            uploads.set_offset(tx, upload.id, offset=offset, expires_at=expires_at)
            if source is not None:
                uploads.finish_upload(tx, upload.id, source=source)
                intake.process_if_permitted(tx, upload.recording)
        return expires_at

    def _terminate(self, upload: Upload) -> None:
        self._home.vault.forget_upload(upload.recording, upload=upload.id)
        with self._home.transaction() as tx:
            uploads.end_upload(tx, upload.id)


def _told_about(upload: Upload) -> dict[str, str]:
    return {"recording": upload.recording} | ({"part": upload.part} if upload.part else {})


def _hand_over(held: HeldBack, part: ResumableUpload) -> None:
    for piece in held.pieces():
        part.append(piece)

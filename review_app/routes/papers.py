"""The papers about an answer, for the caseworker to print or to show on a screen.

They open while the recording is locked: this is how its people are asked. A receipt on paper is
made by POST, because each one carries a new code.
"""

from collections.abc import Callable
from typing import Any, Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from consent.model import PersonId, RecordingId
from review_app.commands.consent_papers import (
    hand_over_receipt,
    issue_receipt,
    print_notice,
    reader_of,
    record_of,
)
from review_app.paper import notice_pdf, receipt_pdf
from storage.home import Home
from storage.records import User

_PDF: Final = "application/pdf"


class JsonLdResponse(JSONResponse):
    """JSON that names what it speaks of (W3C JSON-LD 1.1)."""

    media_type = "application/ld+json"


class PaperRoutes:
    """Serves notices and receipts of the people in a recording to its caseworker."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def routes(self) -> list[Route]:
        """Return the routes under ``/api/recordings/{id}/people/{id}``."""
        base = "/api/recordings/{recording}/people/{person}"
        return [
            Route(f"{base}/notice.pdf", self.notice, methods=["GET"]),
            Route(f"{base}/receipt.pdf", self.receipt, methods=["POST"]),
            Route(f"{base}/receipt.jsonld", self.receipt_data, methods=["GET"]),
            Route(f"{base}/record.jsonld", self.record, methods=["GET"]),
        ]

    async def notice(self, request: Request) -> Response:
        """Answer what the person is told, with room for the answer."""
        return await _answer(request, self._notice)

    async def receipt(self, request: Request) -> Response:
        """Answer what the person keeps, with a new code."""
        return await _answer(request, self._receipt)

    async def receipt_data(self, request: Request) -> Response:
        """Answer what the person keeps, in a form that programs read; it has no code."""
        return await _answer(request, self._receipt_data)

    async def record(self, request: Request) -> Response:
        """Answer the record that the authority keeps of this person's answers."""
        return await _answer(request, self._record)

    def _notice(self, asked: dict[str, Any], *, large: bool) -> Response:
        with self._home.transaction() as tx:
            reader = reader_of(tx, settings=self._home.settings, **asked)
            notice = print_notice(asked["user"], reader)
        controller = self._home.settings.controller
        return _paper("notice", notice_pdf(notice, controller=controller, at=tx.at, large=large))

    def _receipt(self, asked: dict[str, Any], *, large: bool) -> Response:
        with self._home.transaction() as tx:
            reader = reader_of(tx, settings=self._home.settings, **asked)
            made = issue_receipt(asked["user"], reader)
        pdf = receipt_pdf(made.account, code=made.code, id_=made.id, large=large)
        return _paper("receipt", pdf)

    def _receipt_data(self, asked: dict[str, Any], *, large: bool) -> Response:  # noqa: ARG002
        with self._home.transaction() as tx:
            reader = reader_of(tx, settings=self._home.settings, **asked)
            return JsonLdResponse(hand_over_receipt(asked["user"], reader))

    def _record(self, asked: dict[str, Any], *, large: bool) -> Response:  # noqa: ARG002
        with self._home.reading() as tx:
            return JsonLdResponse(record_of(reader_of(tx, settings=self._home.settings, **asked)))


async def _answer(request: Request, work: Callable[..., Response]) -> Response:
    user: User = request.state.user
    asked = {
        "user": user,
        "recording": RecordingId(request.path_params["recording"]),
        "person": PersonId(request.path_params["person"]),
        "language": request.query_params.get("language", ""),
    }
    large = request.query_params.get("large", "") in {"1", "true"}
    return await to_thread.run_sync(lambda: work(asked, large=large))


def _paper(name: str, pdf: bytes) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(pdf, headers=headers, media_type=_PDF)

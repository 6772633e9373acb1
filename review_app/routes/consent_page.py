"""The public consent page, under ``/s/``: by code, without an account, without a script.

A code leaves the address bar at once: the browser gets a cookie for a short visit instead, sent
to nobody but this page, and is led on. A wrong code is answered as one that never was: the same
work, words and status. An answer is a form post with the visit's own token.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route

from consent.errors import ConsentError
from consent.model import Purpose
from consent.notices import fill
from review_app.commands import answering
from review_app.commands.answering import Shown
from review_app.commands.certificates import take_certificate
from review_app.commands.consent_papers import Reader, receipt_of
from review_app.consent_page.drawing import STATIC, TYPEFACE, Pages, other_purposes, reader_of
from review_app.consent_page.package import package_of
from review_app.consent_page.standing import Gone, Standing, standing_of
from review_app.consent_page.tries import WINDOW_S, Tries
from review_app.errors import Denied
from review_app.paper import certificate_pdf, receipt_pdf
from review_app.routes.papers import JsonLdResponse
from review_app.translation import LANGUAGES, preferred
from storage import consent_codes, notices, recordings
from storage.certificates import certificate_to_json
from storage.consent_codes import Visit
from storage.errors import NotFound, ProofBroken
from storage.home import Home
from storage.identity import new_id
from storage.transaction import Transaction

COOKIE: Final = "samspil_visit"
_PATH: Final = "/s"
_MINE: Final = "/s/me"
_STOP: Final = "/s/me/stop"
_VISIT_S: Final = 15 * 60
_LARGEST_FORM: Final = 8 * 1024
_METHODS: Final = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_STATIC: Final = {"page.css": "text/css", "page.js": "text/javascript"}
_LASTS: Final = {"Cache-Control": "public, max-age=31536000, immutable"}

Doing = Callable[[Transaction, Visit, Shown], str | None]
"""Does what a form asks for; says where to lead on if not where the form usually leads."""


class ConsentPage:
    """What someone in a film sees and may do with a code."""

    def __init__(self, home: Home, *, tries: Tries | None = None) -> None:
        self._home = home
        self._pages = Pages(home.settings)
        self._tries = tries or Tries()

    def routes(self) -> list[Route]:
        """Return the routes under ``/s/``; the last one leaves nothing there to anybody else."""
        return [
            Route("/s/", self.ask_for_code, methods=["GET"]),
            Route("/s/", self.read_code, methods=["POST"]),
            Route("/s/static/{name}", self.static, methods=["GET"]),
            Route("/s/leave", self.leave, methods=["GET"]),
            Route("/s/me", self.show, methods=["GET"]),
            Route("/s/me/answer", self.answer, methods=["POST"]),
            Route(_STOP, self.are_you_sure, methods=["GET"]),
            Route(_STOP, self.stop, methods=["POST"]),
            Route("/s/me/held", self.show_held, methods=["GET"]),
            Route("/s/me/held.json", self.take_held, methods=["GET"]),
            Route("/s/me/ask", self.ask_for_copy, methods=["POST"]),
            Route("/s/me/receipt.pdf", self.take_receipt, methods=["POST"]),
            Route("/s/me/receipt.jsonld", self.take_receipt_data, methods=["GET"]),
            Route("/s/me/certificate.pdf", self.take_certificate, methods=["GET"]),
            Route("/s/me/certificate.json", self.take_sealed, methods=["GET"]),
            Route("/s/{code}", self.open_code, methods=["GET"]),
            Route("/s/{rest:path}", self.nothing, methods=_METHODS),
        ]

    async def ask_for_code(self, request: Request) -> Response:
        """Show where a code is written."""
        ended = "ended" in request.query_params
        return self._code_page(request, heading="ended" if ended else "code")

    async def read_code(self, request: Request) -> Response:
        """Take a code from the form."""
        form = await _form(request)
        return await self._enter(request, form.get("code", ""), language=form.get("lang", ""))

    async def open_code(self, request: Request) -> Response:
        """Take a code from the address, as a QR code has it."""
        return await self._enter(request, request.path_params["code"])

    async def static(self, request: Request) -> Response:
        """Answer the page's style, script and typeface, and no other file."""
        name: str = request.path_params["name"]
        if name in TYPEFACE:
            return FileResponse(TYPEFACE[name], media_type="font/otf", headers=_LASTS)
        if name not in _STATIC:
            return await self.nothing(request)
        return FileResponse(STATIC / name, media_type=_STATIC[name])

    async def leave(self, request: Request) -> Response:
        """End the visit on a page with nothing on it."""
        response = self._page(request, "blank.html")
        response.delete_cookie(COOKIE, path=_PATH)
        return response

    async def show(self, request: Request) -> Response:
        """Show what the person said yes to, and all that follows from it."""
        saved = "saved" in request.query_params
        return await self._mine(request, "me.html", saved=saved)

    async def are_you_sure(self, request: Request) -> Response:
        """Show what happens when the film is stopped, with two equal ways on."""
        return await self._mine(request, "sure.html")

    async def show_held(self, request: Request) -> Response:
        """Show what is held about the person."""
        return await self._mine(request, "held.html")

    async def take_held(self, request: Request) -> Response:
        """Answer what is held about the person as a file."""
        visit = await self._visit(request)
        found = await self._standing(visit, language=_language(request)) if visit else None
        if not isinstance(found, Standing):
            return RedirectResponse(_MINE, status_code=303)
        return JSONResponse(package_of(found, settings=self._home.settings))

    async def answer(self, request: Request) -> Response:
        """Take down a yes or a no to one purpose; a no that would erase is asked once more."""
        form = await _form(request)
        purpose, said = form.get("purpose"), form.get("answer")
        if purpose not in set(Purpose) or said not in {"yes", "no"}:
            return self._said(request, "again", status=400)

        def doing(tx: Transaction, visit: Visit, shown: Shown) -> str | None:
            agrees = said == "yes"
            taken = answering.answer(tx, visit.holder, Purpose(purpose), agrees=agrees, shown=shown)
            return None if taken else _STOP

        return await self._do(request, form, doing, onward=f"{_MINE}?saved")

    async def stop(self, request: Request) -> Response:
        """Withdraw everything and have the film erased."""
        form = await _form(request)

        def doing(tx: Transaction, visit: Visit, shown: Shown) -> None:
            answering.stop(tx, visit.holder, shown=shown)

        return await self._do(request, form, doing, onward=_MINE)

    async def ask_for_copy(self, request: Request) -> Response:
        """Note that the person asks for a copy."""
        form = await _form(request)

        def doing(tx: Transaction, visit: Visit, _: Shown) -> None:
            answering.ask_for_copy(tx, visit.holder)

        return await self._do(request, form, doing, onward="/s/me/held")

    async def take_receipt(self, request: Request) -> Response:
        """Answer the person's own receipt as a paper; it bears a new code to this page."""
        form = await _form(request)
        visit = await self._visit(request)
        if visit is None:
            return self._without_visit(request)
        if not consent_codes.is_of_visit(visit, form.get("token", "")):
            return self._said(request, "again", status=403)
        return await to_thread.run_sync(partial(self._pdf, visit, language=_language(request)))

    async def take_receipt_data(self, request: Request) -> Response:
        """Answer the person's own receipt in a form that programs read; it has no code."""
        visit = await self._visit(request)
        if visit is None:
            return self._without_visit(request)
        return await to_thread.run_sync(partial(self._jsonld, visit, language=_language(request)))

    async def take_certificate(self, request: Request) -> Response:
        """Answer what proves that the film is gone, as a paper."""
        return await self._certificate(request, "certificate.pdf")

    async def take_sealed(self, request: Request) -> Response:
        """Answer what proves that the film is gone, as a file that can be checked."""
        return await self._certificate(request, "certificate.json")

    async def nothing(self, _request: Request) -> Response:
        """Answer that there is nothing here."""
        return PlainTextResponse("404", status_code=404)

    async def _enter(
        self, request: Request, untrusted_code: str, *, language: str = ""
    ) -> Response:
        address = request.client.host if request.client else ""
        if not self._tries.may_try(address):
            response = self._code_page(request, heading="wait", status=429)
            response.headers["Retry-After"] = str(int(WINDOW_S))
            return response
        visit = await to_thread.run_sync(partial(self._begin, untrusted_code))
        if visit is None:
            return self._code_page(request, heading="wrong", status=404)
        self._tries.was_right(address)
        chosen = language if language in LANGUAGES else _language(request)
        response = RedirectResponse(_MINE, status_code=303)
        self._keep(response, visit, language=chosen)
        return response

    async def _mine(self, request: Request, template: str, *, saved: bool = False) -> Response:
        language = _language(request)
        visit = await self._visit(request)
        if visit is None:
            return self._without_visit(request)
        found = await self._standing(visit, language=language)
        if isinstance(found, Gone):
            response = self._page(request, "gone.html", erasure=found.erasure)
        else:
            if template == "sure.html" and not found.has_say:
                template = "me.html"
            response = self._page(
                request,
                template,
                standing=found,
                reader=reader_of(found),
                others=other_purposes(),
                rights=self._rights(found),
                token=visit.form_token,
                saved=saved,
            )
        self._keep(response, visit, language=language)
        return response

    async def _do(
        self, request: Request, form: dict[str, str], doing: Doing, *, onward: str
    ) -> Response:
        """Carry out what a form of this visit asks for, and lead on."""
        language = _language(request)
        visit = await self._visit(request)
        if visit is None:
            return self._without_visit(request)
        if not consent_codes.is_of_visit(visit, form.get("token", "")):
            return self._said(request, "again", status=403)
        elsewhere = await to_thread.run_sync(
            partial(self._carry_out, visit, doing, language=language)
        )
        response = RedirectResponse(elsewhere or onward, status_code=303)
        self._keep(response, visit, language=language)
        return response

    def _carry_out(self, visit: Visit, doing: Doing, *, language: str) -> str | None:
        try:
            with self._home.transaction() as tx:
                found = standing_of(tx, visit.holder, language=language)
                if isinstance(found, Standing):
                    return doing(tx, visit, Shown(found.notice.version, language))
        except (Denied, NotFound):
            pass  # another has stopped the film meanwhile: the page tells how it stands
        return None

    async def _visit(self, request: Request) -> Visit | None:
        _, _, token = request.cookies.get(COOKIE, "").partition(".")
        return await to_thread.run_sync(partial(self._go_on, token)) if token else None

    async def _standing(self, visit: Visit, *, language: str) -> Standing | Gone:
        return await to_thread.run_sync(partial(self._read, visit, language=language))

    def _begin(self, untrusted_code: str) -> Visit | None:
        with self._home.reading() as tx:
            return consent_codes.begin_visit(tx, untrusted_code)

    def _go_on(self, untrusted_token: str) -> Visit | None:
        with self._home.reading() as tx:
            return consent_codes.go_on(tx, untrusted_token)

    def _read(self, visit: Visit, *, language: str) -> Standing | Gone:
        with self._home.reading() as tx:
            return standing_of(tx, visit.holder, language=language)

    def _pdf(self, visit: Visit, *, language: str) -> Response:
        settings = self._home.settings
        try:
            with self._home.transaction() as tx:
                made = answering.take_receipt(
                    tx, visit.holder, language=language, settings=settings
                )
        except (ConsentError, Denied, NotFound):
            return RedirectResponse(_MINE, status_code=303)
        headers = {"Content-Disposition": 'attachment; filename="samspil.pdf"'}
        pdf = receipt_pdf(made.account, code=made.code, id_=made.id)
        return Response(pdf, headers=headers, media_type="application/pdf")

    def _jsonld(self, visit: Visit, *, language: str) -> Response:
        try:
            with self._home.reading() as tx:
                person = answering.voice_of(tx, visit.holder).person
                recording = recordings.recording(tx, visit.holder.recording)
                reader = Reader(tx, recording, person, language, self._home.settings)
                return JsonLdResponse(receipt_of(reader, id_=new_id()))
        except (ConsentError, Denied, NotFound):
            return RedirectResponse(_MINE, status_code=303)

    async def _certificate(self, request: Request, name: str) -> Response:
        visit = await self._visit(request)
        if visit is None:
            return self._without_visit(request)
        language = _language(request)
        work = partial(self._certified, visit, name, language=language)
        try:
            return await to_thread.run_sync(work)
        except NotFound:
            return RedirectResponse(_MINE, status_code=303)
        except ProofBroken:  # for whoever runs the site to see to, who is told by their own check
            return self._said(request, "again", status=503)

    def _certified(self, visit: Visit, name: str, *, language: str) -> Response:
        made = take_certificate(self._home, visit.holder)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        if name.endswith(".json"):
            sealed = certificate_to_json(made)
            return Response(sealed, headers=headers, media_type="application/json")
        controller, at = self._home.settings.controller, self._home.clock()
        pdf = certificate_pdf(made, controller=controller, language=language, at=at)
        return Response(pdf, headers=headers, media_type="application/pdf")

    def _rights(self, standing: Standing) -> str:
        filled = fill(
            standing.notice,
            days=0,
            authority=notices.authority(standing.recording.jurisdiction).name,
            contact=self._home.settings.controller_contact,
        )
        return filled.rights.text

    def _without_visit(self, request: Request) -> Response:
        if COOKIE in request.cookies:
            response: Response = RedirectResponse("/s/?ended", status_code=303)
            response.delete_cookie(COOKIE, path=_PATH)
            return response
        if request.headers.get("sec-fetch-site") == "cross-site":
            # Led here from a link in a message: the cookie is sent from the next step on.
            return self._page(request, "onward.html")
        return RedirectResponse("/s/", status_code=303)

    def _keep(self, response: Response, visit: Visit, *, language: str) -> None:
        response.set_cookie(
            COOKIE,
            f"{language}.{visit.token}",
            max_age=_VISIT_S,
            path=_PATH,
            httponly=True,
            samesite="strict",
            secure=self._home.settings.secure_cookies,
        )

    def _code_page(self, request: Request, *, heading: str, status: int = 200) -> Response:
        return self._page(request, "code.html", status=status, heading=heading)

    def _said(self, request: Request, heading: str, *, status: int) -> Response:
        return self._page(request, "said.html", status=status, heading=heading)

    def _page(
        self, request: Request, template: str, *, status: int = 200, **values: object
    ) -> Response:
        text = self._pages.draw(template, language=_language(request), **values)
        return HTMLResponse(text, status_code=status, headers={"X-Robots-Tag": "noindex, nofollow"})


async def _form(request: Request) -> dict[str, str]:
    """Return the fields of a small form; of anything else none."""
    length = request.headers.get("content-length", "")[:9]
    if not length.isdecimal() or int(length) > _LARGEST_FORM:
        return {}
    form: Any = await request.form(max_files=0, max_fields=8)
    return {name: str(value) for name, value in form.items()}


def _language(request: Request) -> str:
    """Return the language asked for, else that of the visit, else the browser's."""
    of_visit = request.cookies.get(COOKIE, "").partition(".")[0]
    for language in (request.query_params.get("lang", ""), of_visit):
        if language in LANGUAGES:
            return language
    return preferred(request.headers.get("accept-language", ""))

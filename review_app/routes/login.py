"""Sign-in and sign-out: plain HTML, for a Streamlit script can set no cookie."""

import time
from collections import deque
from html import escape
from pathlib import Path
from string import Template

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from review_app.sessions import COOKIE, Sessions, session_token
from review_app.translation import LANGUAGES, preferred, translator

_PAGE = Template((Path(__file__).parent / "login.html").read_text("utf-8"))
_TRIES = 8
_WINDOW_S = 300.0
_MOST_LOGINS = 10_000
_LARGEST_FORM = 8 * 1024
_WAIT_WORDS = "Too many attempts. Wait five minutes."
_UNKNOWN_WORDS = "Login and password do not match."
_NAMES = {"da": "Dansk", "sv": "Svenska", "en": "English"}


class LoginPage:
    """The card where people sign in. Guessing is slowed down per login."""

    def __init__(self, sessions: Sessions, *, secure: bool, hours: int) -> None:
        self._sessions = sessions
        self._secure = secure
        self._seconds = hours * 3600
        self._failures: dict[str, deque[float]] = {}

    def routes(self) -> list[Route]:
        """Return the routes of sign-in and sign-out."""
        return [
            Route("/auth/login", self.show, methods=["GET"]),
            Route("/auth/login", self.sign_in, methods=["POST"]),
            Route("/auth/logout", self.sign_out, methods=["GET", "POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """Show the card."""
        return self._page(request)

    async def sign_in(self, request: Request) -> Response:
        """Check login and password and begin a session."""
        length = request.headers.get("content-length", "")[:9]
        if not length.isdecimal() or int(length) > _LARGEST_FORM:
            return self._page(request, problem=_UNKNOWN_WORDS, status=401)
        form = await request.form(max_files=0, max_fields=4)
        login = str(form.get("login", "")).strip().lower().replace("\0", "")
        if self._too_many_failures(login):
            return self._page(request, problem=_WAIT_WORDS, status=429)
        # Counted before it is known to fail, so that many at once are not let through.
        self._count_failure(login)
        token = await to_thread.run_sync(
            lambda: self._sessions.sign_in(login=login, password=str(form.get("password", "")))
        )
        if token is None:
            return self._page(request, problem=_UNKNOWN_WORDS, status=401)
        self._failures.pop(login, None)
        response = RedirectResponse(_local(str(form.get("next", "/"))), status_code=303)
        response.set_cookie(
            COOKIE,
            token,
            max_age=self._seconds,
            httponly=True,
            samesite="lax",
            secure=self._secure,
        )
        return response

    async def sign_out(self, request: Request) -> Response:
        """End the session and return to the card."""
        token = session_token(request)
        if token is not None:
            await to_thread.run_sync(self._sessions.sign_out, token)
        response = RedirectResponse("/auth/login", status_code=303)
        response.delete_cookie(COOKIE)
        response.headers["Clear-Site-Data"] = '"storage"'
        return response

    def _too_many_failures(self, login: str) -> bool:
        since = time.monotonic() - _WINDOW_S
        recent = [moment for moment in self._failures.get(login, ()) if moment > since]
        return len(recent) >= _TRIES

    def _count_failure(self, login: str) -> None:
        now = time.monotonic()
        if len(self._failures) >= _MOST_LOGINS:  # somebody is trying names; forget the old ones
            since = now - _WINDOW_S
            self._failures = {
                name: moments for name, moments in self._failures.items() if moments[-1] > since
            }
        self._failures.setdefault(login, deque(maxlen=_TRIES)).append(now)

    def _page(self, request: Request, *, problem: str = "", status: int = 200) -> Response:
        asked = request.query_params.get("lang", "")
        fallback = preferred(request.headers.get("accept-language", ""))
        language = asked if asked in LANGUAGES else fallback
        say = translator(language)
        choices = " · ".join(
            f'<a href="?lang={code}" hreflang="{code}" lang="{code}">{name}</a>'
            for code, name in _NAMES.items()
            if code != language
        )
        return HTMLResponse(
            _PAGE.substitute(
                language=language,
                title=escape(say("Sign in")),
                tagline=escape(say("Supervision by film, in a confidential room")),
                login=escape(say("Login")),
                password=escape(say("Password")),
                button=escape(say("Sign in")),
                problem=f'<p class="problem" role="alert">{escape(say(problem))}</p>'
                if problem
                else "",
                languages=choices,
                next=escape(_local(request.query_params.get("next", "/")), quote=True),
            ),
            status_code=status,
        )


def _local(untrusted_target: str) -> str:
    """Return a path on this site, whatever was asked for."""
    is_local = untrusted_target.startswith("/") and not untrusted_target.startswith(("//", "/\\"))
    return untrusted_target if is_local else "/"

"""The one door: every request and every socket, Streamlit's own included, passes here first.

Pure ASGI, outermost. Without a session only sign-in, the consent page, Streamlit's script bundle
and the health check are open. A socket must also come from our own page (Origin). Nothing is
cached but code: the bundle, the components' files and the consent page's typeface. The signed-in
user is at ``scope["state"]["user"]``; whether a recording is open to that user is asked later, per
recording and per request, and ``scope["state"]["witness"]`` is told of refusals.

It is also where errors end that nobody foresaw: whoever runs this app would log them in full.
"""

import hashlib
import re
from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from typing import Final

import streamlit
from anyio import to_thread
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from review_app import unforeseen
from review_app.routes import component_files
from review_app.routes.problems import admit
from review_app.sessions import Sessions, session_token
from review_app.witness import Witness
from storage.records import User

_CONSENT_PAGE: Final = "/s/"
_PUBLIC_PREFIXES: Final = ("/auth/", "/static/", _CONSENT_PAGE)
_MAY_BE_KEPT: Final = (_CONSENT_PAGE, component_files.PREFIX)
"""Where an answer may say that it is to be kept: a typeface and code do, and nothing else."""
_PUBLIC_PATHS: Final = frozenset({"/_stcore/health", "/favicon.png", "/robots.txt"})
_CLOSED_PREFIXES: Final = ("/_stcore/upload_file/", "/_stcore/agent/")
"""Streamlit's own uploads would lie on the disk in plain; its agent interface is not ours."""
_POLICY_VIOLATION: Final = 1008
_UNFORESEEN: Final = 1011
_CHANGING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_CONTENT_POLICY: Final = (
    "default-src 'self'; "
    "script-src 'self' 'wasm-unsafe-eval' {inline}; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; "
    "font-src 'self' data:; "
    "connect-src 'self'; "
    "media-src 'self' blob:; "
    "worker-src 'self' blob:; "
    "frame-src {frames}; "
    "object-src 'none'; "
    "base-uri 'self'; "
    "form-action 'self'; "
    "frame-ancestors 'none'"
)
_NOTHING: Final = "camera=(), microphone=(), geolocation=()"
_CONSENT_PAGE_POLICY: Final = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "font-src 'self'; "
    "img-src data:; "
    "base-uri 'none'; "
    "form-action 'self'; "
    "frame-ancestors 'none'"
)


class Gate:
    """ASGI middleware that refuses whatever is not open to the one who asks.

    Args:
        app: What stands behind it.
        sessions: Who is signed in.
        witness: Who is told of refusals.
        meeting: Origin of the site's own meeting server: the only other one that a page may show
            in a frame, with camera and microphone; empty for none.
    """

    def __init__(
        self, app: ASGIApp, *, sessions: Sessions, witness: Witness, meeting: str = ""
    ) -> None:
        self._app = app
        self._sessions = sessions
        self._witness = witness
        frames = f"'self' {meeting}".strip()
        self._policy = _CONTENT_POLICY.format(inline=_inline_script_hashes(), frames=frames)
        calls = f'(self "{meeting}")' if meeting else "()"
        self._permissions = f"camera={calls}, microphone={calls}, geolocation=()"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        match scope["type"]:
            case "http":
                await self._http(scope, receive, send)
            case "websocket":
                await self._websocket(scope, receive, send)
            case _:
                await self._app(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if await self._user_of(scope) is None or not _same_origin(HTTPConnection(scope)):
                await receive()
                await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
            else:
                await self._app(scope, receive, send)
        except Exception as error:  # noqa: BLE001 - see the module
            unforeseen.log(error, during="a socket")
            with suppress(Exception):
                await send({"type": "websocket.close", "code": _UNFORESEEN})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def send_guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._guard(MutableHeaders(scope=message), scope["path"])
            await send(message)

        try:
            await self._answer(scope, receive, send_guarded)
        except Exception as error:  # noqa: BLE001 - see the module
            answer = await to_thread.run_sync(admit, Request(scope), error)
            if not begun:
                await answer(scope, receive, send_guarded)

    async def _answer(self, scope: Scope, receive: Receive, send_guarded: Send) -> None:
        connection = HTTPConnection(scope)
        path: str = scope["path"]
        user = await self._user_of(scope)
        if user is None and not _is_public(path):
            wants_page = "text/html" in connection.headers.get("accept", "")
            refusal = (
                RedirectResponse("/auth/login", status_code=303)
                if wants_page and scope["method"] == "GET"
                else PlainTextResponse("401", status_code=401)
            )
            await refusal(scope, receive, send_guarded)
        elif scope["method"] in _CHANGING and not _comes_from_us(connection):
            await PlainTextResponse("403", status_code=403)(scope, receive, send_guarded)
        elif path.startswith(_CLOSED_PREFIXES):
            await PlainTextResponse("404", status_code=404)(scope, receive, send_guarded)
        else:
            await self._app(scope, receive, send_guarded)

    async def _user_of(self, scope: Scope) -> User | None:
        token = session_token(HTTPConnection(scope))
        user = await to_thread.run_sync(self._sessions.user_of, token)
        scope.setdefault("state", {}).update(user=user, witness=self._witness)
        return user

    def _guard(self, headers: MutableHeaders, path: str) -> None:
        headers["X-Content-Type-Options"] = "nosniff"
        # "same-origin", for "no-referrer" would make form posts carry "Origin: null".
        headers["Referrer-Policy"] = "same-origin"
        of_consent_page = path.startswith(_CONSENT_PAGE)
        headers["Content-Security-Policy"] = (
            _CONSENT_PAGE_POLICY if of_consent_page else self._policy
        )
        headers["Permissions-Policy"] = _NOTHING if of_consent_page else self._permissions
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if path.startswith(_MAY_BE_KEPT):
            headers.setdefault("Cache-Control", "no-store")
        elif not path.startswith("/static/"):
            headers["Cache-Control"] = "no-store"


def _is_public(path: str) -> bool:
    return path in _PUBLIC_PATHS or path.startswith(_PUBLIC_PREFIXES)


def _same_origin(connection: HTTPConnection) -> bool:
    origin = connection.headers.get("origin", "")
    return origin.partition("://")[2] == connection.headers.get("host")


def _comes_from_us(connection: HTTPConnection) -> bool:
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    return "origin" not in connection.headers or _same_origin(connection)


def _inline_script_hashes() -> str:
    """Return the CSP hashes of the scripts inside Streamlit's own page."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return " ".join(f"'sha256-{b64encode(digest).decode()}'" for digest in digests)

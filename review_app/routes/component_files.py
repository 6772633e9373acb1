"""The components' own files, under an address that changes with them: a browser keeps them.

Streamlit serves them where they have to be fetched anew for each page: half a hundred, one after
another's imports, before anything is shown. What it would serve is led on to here instead; what a
file imports it names beside itself, so the rest comes from here by itself.
"""

import hashlib
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

PREFIX: Final = "/components/"
_FOLDER: Final = Path(__file__).parent.parent / "components"
_STREAMLITS: Final = "/_stcore/bidi-components/review-app."
_TYPES: Final = {".js": "text/javascript", ".css": "text/css"}
_LASTS: Final = {"Cache-Control": "private, max-age=31536000, immutable"}
_DIGITS: Final = 16


class ComponentFiles:
    """Serves the files as they were when the app started, under a version made of them."""

    def __init__(self) -> None:
        self._files = {
            path.relative_to(_FOLDER).as_posix(): path
            for path in sorted(_FOLDER.rglob("*"))
            if path.suffix in _TYPES
        }
        digest = hashlib.sha256()
        for name, path in self._files.items():
            digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
        self._version = digest.hexdigest()[:_DIGITS]

    def routes(self) -> list[Route]:
        """Return the one route of all files."""
        return [Route(f"{PREFIX}{{version}}/{{name:path}}", self.file, methods=["GET"])]

    async def file(self, request: Request) -> Response:
        """Answer a file, to be kept; another version's is gone."""
        path = self._files.get(request.path_params["name"])
        if path is None or request.path_params["version"] != self._version:
            return PlainTextResponse("404", status_code=404)
        return FileResponse(path, media_type=_TYPES[path.suffix], headers=_LASTS)

    def address_of(self, asked: str) -> str | None:
        """Return where the file lies that Streamlit's page asks for, if it is one of ours."""
        _, found, rest = asked.partition(_STREAMLITS)
        name = rest.partition("/")[2]
        return f"{PREFIX}{self._version}/{name}" if found and name in self._files else None


class LedOn:
    """ASGI middleware that leads requests for the components' files to where they are kept."""

    def __init__(self, app: ASGIApp, *, files: ComponentFiles) -> None:
        self._app = app
        self._files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lead a request on, or let it through."""
        address = self._files.address_of(scope["path"]) if scope["type"] == "http" else None
        answer = self._app if address is None else RedirectResponse(address)
        await answer(scope, receive, send)

"""A small server that keeps the promises the components rely on: pages, intents, films, uploads.

It holds everything in memory, as one recording's desk, and remembers each intent it was sent.
"""

import asyncio
import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
)
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from review_app.translation import translator
from tests.browser.desk_document import Document
from tests.browser.serving import served

ROOT = Path(__file__).parents[2]
COMPONENTS = ROOT / "review_app" / "components"
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; base-uri 'self'"
)
PAGE = """<!doctype html><html lang="da"><head><meta charset="utf-8"><title>Samspil</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<link rel="stylesheet" href="/page.css"></head><body><main id="host"></main>
<script type="module" src="/start.js?entry={entry}&shadow={shadow}"></script></body></html>"""
START = """
const { searchParams } = new URL(import.meta.url);
const entry = searchParams.get("entry");
const host = document.getElementById("host");
const root = searchParams.get("shadow") === "1" ? host.attachShadow({ mode: "open" }) : host;
const style = Object.assign(document.createElement("link"), { rel: "stylesheet" });
style.href = `/components/${entry}.css`;
const ready = new Promise((resolve) => style.addEventListener("load", resolve));
root.append(style);
await ready;
const { default: mount } = await import(`/components/${entry}.js`);
const data = await (await fetch("/data.json?entry=" + entry)).json();
const triggers = (window.triggers = []);
const setTriggerValue = (name, value) => triggers.push([name, value]);
const component = { parentElement: root, data, setTriggerValue };
window.unmount = mount(component);
"""
CSS = "body{margin:0;background:#FAF9F6;color-scheme:light}"


@dataclass
class Upload:
    length: int
    metadata: dict[str, str]
    data: bytearray = field(default_factory=bytearray)


@dataclass
class DeskServer:
    """The state behind the fake server, open to the test that runs it."""

    document: Document
    film: Path
    labels: dict[str, dict[str, str]]
    intents: list[Document] = field(default_factory=list)
    drafts: dict[str, str] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    patches: list[tuple[int, int]] = field(default_factory=list)
    gaps: list[Document] = field(default_factory=list)
    parts: list[Document] = field(default_factory=list)
    arranged: list[list[Document]] = field(default_factory=list)
    step: str = "with_supervisor"
    stages: list[Document] = field(default_factory=list)
    concerns: list[Document] = field(default_factory=list)
    leader: str = "Karen Holm"
    hints: list[Document] = field(default_factory=list)
    received: bool = False
    camera_cleared_at: str | None = None
    line_is_down: bool = False
    drop_after: int | None = None
    holds_after: int | None = None
    refuse: str | None = None
    extra: Document = field(default_factory=dict)
    url: str = ""
    made: int = 0
    viewed: list[Document] = field(default_factory=list)
    copies: list[Document] = field(default_factory=list)
    cues: str = "WEBVTT\n"
    sheets: bytes = b""
    uses_own_text: bool = False
    teaching: list[str] = field(default_factory=list)
    training: list[Document] = field(default_factory=list)
    asked: list[Document] = field(default_factory=list)
    own_text: Document = field(default_factory=dict)
    handed_in: list[tuple[str, bytes]] = field(default_factory=list)
    measures: list[Document] = field(default_factory=list)
    codings: Document = field(default_factory=dict)
    answer: Callable[[Document], object] | None = None

    def named(self, intent: str) -> list[Document]:
        return [each for each in self.intents if each["intent"] == intent]

    def app(self) -> Starlette:
        recording = "/api/recordings/{id}"
        return Starlette(
            routes=[
                Route("/", self.page),
                Route("/start.js", self.start),
                Route("/page.css", self.css),
                Route("/data.json", self.data),
                Route(f"{recording}/desk", self.desk),
                Route(f"{recording}/measures", self.take_measures),
                Route(f"{recording}/codings", self.codings_shown),
                Route(f"{recording}/status", self.status),
                Route(f"{recording}/concerns", self.concerns_shown),
                Route(f"{recording}/draft", self.draft),
                Route(f"{recording}/media", self.media, methods=["GET", "HEAD"]),
                Route(f"{recording}/captions.vtt", self.captions),
                Route(f"{recording}/thumbnails", self.thumbnails),
                Route(f"{recording}/export", self.export, methods=["POST"]),
                Route(f"{recording}/training-copies", self.training_copies),
                Route(f"{recording}/training-copies", self.ask_copy, methods=["POST"]),
                Route(f"{recording}/training-copies/{{copy}}", self.fetch, methods=["POST"]),
                Route(f"{recording}/own-text/look", self.look_at_text, methods=["POST"]),
                Route(f"{recording}/own-text", self.take_text, methods=["POST"]),
                Route(f"{recording}/viewed", self.take_viewed, methods=["POST"]),
                Route(f"{recording}/intents", self.intent, methods=["POST"]),
                Route(f"{recording}/parts", self.arrange, methods=["PUT"]),
                Route("/api/uploads", self.begin, methods=["POST"]),
                Route("/api/uploads/{id}", self.upload, methods=["HEAD", "PATCH", "DELETE"]),
                Mount("/components", StaticFiles(directory=COMPONENTS)),
            ],
            middleware=[Middleware(Policy)],
        )

    async def take_viewed(self, request: Request) -> Response:
        self.viewed.append(await request.json())
        return Response(status_code=204)

    async def export(self, request: Request) -> Response:
        self.copies.append(dict(await request.form()))
        return Response("copy", headers={"Content-Disposition": 'attachment; filename="r1.mp4"'})

    async def training_copies(self, _: Request) -> Response:
        return JSONResponse({"voices": self.teaching, "days": 7, "copies": self.training})

    async def ask_copy(self, request: Request) -> Response:
        self.asked.append(await request.json())
        return JSONResponse({}, status_code=201)

    async def fetch(self, request: Request) -> Response:
        self.copies.append({"copy": request.path_params["copy"]})
        return Response("copy", media_type="text/plain")

    async def look_at_text(self, request: Request) -> Response:
        assert await request.body()
        return JSONResponse(self.own_text, status_code=400 if "error" in self.own_text else 200)

    async def take_text(self, request: Request) -> Response:
        self.handed_in.append((request.query_params["voices"], await request.body()))
        return Response(status_code=204)

    async def page(self, request: Request) -> Response:
        query = request.query_params
        filled = PAGE.format(entry=query.get("entry", "desk"), shadow=query.get("shadow", "1"))
        return HTMLResponse(filled)

    async def start(self, _: Request) -> Response:
        return Response(START, media_type="text/javascript")

    async def css(self, _: Request) -> Response:
        return Response(CSS, media_type="text/css")

    async def data(self, request: Request) -> Response:
        labels = self.labels[request.query_params["entry"]]
        return JSONResponse({"recording": "r1", "labels": labels, "lang": "da", **self.extra})

    async def desk(self, _: Request) -> Response:
        return JSONResponse(self.document)

    async def take_measures(self, _: Request) -> Response:
        """Answer what was counted so far, one document a look; the last one stays."""
        return JSONResponse(self.measures.pop(0) if len(self.measures) > 1 else self.measures[0])

    async def codings_shown(self, _: Request) -> Response:
        return JSONResponse(self.codings)

    async def status(self, _: Request) -> Response:
        known = {
            "stages": self.stages,
            "step": self.step,
            "gaps": self.gaps,
            "received": self.received,
            "camera_cleared_at": self.camera_cleared_at,
            "own_text": self.uses_own_text,
            "parts": self.parts,
        }
        return JSONResponse(known | {"hints": self.hints})

    async def concerns_shown(self, _: Request) -> Response:
        duty = {"text": "Pligten er personlig.", "link": "https://www.retsinformation.dk/eli/lta"}
        return JSONResponse({"leader": self.leader, "duty": duty, "concerns": self.concerns})

    async def draft(self, request: Request) -> Response:
        return JSONResponse({"text": self.drafts.get(request.query_params["field"], "")})

    async def media(self, _: Request) -> Response:
        return FileResponse(self.film, media_type="video/mp4")

    async def captions(self, _: Request) -> Response:
        return PlainTextResponse(self.cues, media_type="text/vtt")

    async def thumbnails(self, request: Request) -> Response:
        first, last = request.headers["range"].removeprefix("bytes=").split("-")
        part = self.sheets[int(first) : int(last) + 1]
        return Response(part, status_code=206, media_type="image/jpeg")

    async def intent(self, request: Request) -> Response:
        body = await request.json()
        if self.refuse == body["intent"]:
            told = {"error": "busy", "message": "Det kunne ikke gemmes", "advice": "Prøv igen"}
            return JSONResponse(told, status_code=503)
        self.intents.append(body)
        if body["intent"] == "keep_draft":
            self.drafts[body["field"]] = body["text"]
        if body["intent"] == "confirm_camera_cleared":
            self.camera_cleared_at = "2026-11-24T13:32:00+00:00"
        if body["intent"] == "raise_concern":
            self.concerns.append(a_concern(body["text"]))
        if body["intent"] == "take_concern_step":
            self.concerns[-1]["open"] = []
        if self.answer is not None:
            return JSONResponse({"ok": True, "result": self.answer(body)})
        self.made += 1
        result = {"id": body.get("id", f"made-{self.made}"), "revision": self.made}
        return JSONResponse({"ok": True, "result": result})

    async def arrange(self, request: Request) -> Response:
        if self.line_is_down:
            return Response(status_code=503)
        self.arranged.append(await request.json())
        wanted = [part["id"] for part in self.arranged[-1]]
        for name, upload in list(self.uploads.items()):
            if upload.metadata.get("part", "") not in wanted:
                del self.uploads[name]
        return JSONResponse({"ok": True})

    # tus 1.0: creation, core and termination

    async def begin(self, request: Request) -> Response:
        if self.line_is_down:
            return Response(status_code=503)
        pairs = [pair.split(" ") for pair in request.headers["upload-metadata"].split(",")]
        told = {pair[0]: base64.b64decode((*pair, "")[1]).decode() for pair in pairs}
        name = f"u{len(self.uploads) + 1}"
        self.uploads[name] = Upload(length=int(request.headers["upload-length"]), metadata=told)
        return tus(201, {"Location": f"/api/uploads/{name}"})

    async def upload(self, request: Request) -> Response:
        upload = self.uploads.get(request.path_params["id"])
        if upload is None:
            return tus(404)
        if self.line_is_down:
            return Response(status_code=503)
        if request.method == "DELETE":
            del self.uploads[request.path_params["id"]]
            return tus(204)
        offset = len(upload.data)
        if request.method == "PATCH":
            if int(request.headers["upload-offset"]) != offset:
                return tus(409)
            offset = await self.take(request, upload)
        return tus(
            204 if request.method == "PATCH" else 200,
            {
                "Upload-Offset": str(offset),
                "Upload-Length": str(upload.length),
            },
        )

    async def take(self, request: Request, upload: Upload) -> int:
        before = len(upload.data)
        try:
            async for part in request.stream():
                upload.data += part
        except ClientDisconnect:
            pass
        while (held := self.holds_after) is not None and len(upload.data) >= held:  # noqa: ASYNC110 - a test in another thread lets go
            await asyncio.sleep(0.01)
        self.patches.append((before, len(upload.data)))
        if self.drop_after is not None and len(upload.data) >= self.drop_after:
            self.drop_after = None
            self.line_is_down = True
        self.received = all(len(each.data) == each.length for each in self.uploads.values())
        return len(upload.data)


def a_concern(text: str) -> Document:
    """Return a concern as the server shows it just after it was raised."""
    at = "2026-11-24T09:04:00+00:00"
    done = ("Bekymring meldt", "Lederen har fået besked, uden indhold")
    return {
        "id": "k1",
        "text": text,
        "steps": [{"label": label, "at": at, "by": "Birgitte Lund"} for label in done],
        "open": [{"step": "authority_notified", "label": "Underretningen er sendt"}],
    }


def tus(status: int, headers: dict[str, str] | None = None) -> Response:
    return Response(status_code=status, headers={"Tus-Resumable": "1.0.0", **(headers or {})})


class Policy:
    """The strict policy that the real gate sends too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((b"content-security-policy", POLICY.encode()))
                message["headers"].append((b"cache-control", b"no-store"))
            await send(message)

        await self.app(scope, receive, guarded if scope["type"] == "http" else send)


def in_danish(labels: dict[str, str]) -> dict[str, str]:
    """Return the labels in Danish, as the app would say them."""
    say = translator("da")
    return {name: say(msgid) for name, msgid in labels.items()}


@contextmanager
def running(server: DeskServer) -> Iterator[DeskServer]:
    """Serve a desk for as long as the block lasts."""
    with served(server.app()) as port:
        server.url = f"http://127.0.0.1:{port}"
        yield server

"""A small real server with one joint room, for walking the components in a browser.

It serves the shipped modules under the app's own content policy, the room's real route on ports in
memory, and a film made on the spot. Nothing here stands in for a component.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import imageio_ffmpeg
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from review_app.components import room_labels
from review_app.routes.rooms import Rooms
from review_app.supervision.room_rounds import Seat
from review_app.translation import translator
from tests.browser.serving import served
from tests.fakes.room import (
    BIRGITTE,
    GRETA,
    JONAS,
    METTE,
    PEOPLE,
    RECORDING,
    SIDES,
    CookieGate,
    House,
)
from tests.patient_rooms import patient_rooms

COMPONENTS = Path(room_labels.__file__).parent
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; media-src 'self'; object-src 'none'; base-uri 'self'"
)
MOUNT = """
const name = new URLSearchParams(location.search).get("component") ?? "room";
const host = document.querySelector("#host");
const root = host.attachShadow({ mode: "open" });
const sheet = document.createElement("link");
sheet.rel = "stylesheet";
sheet.href = `/components/${name}.css`;
root.append(sheet);
const data = await (await fetch(`/data/${name}`)).json();
const entry = await import(`/components/${name}.js`);
window.triggers = [];
const setTriggerValue = (...value) => window.triggers.push(value);
window.cleanup = entry.default({ parentElement: root, data, setTriggerValue });
"""
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Samspil</title>
<style>:root{{color-scheme:{scheme}}}body{{margin:0;background:light-dark(#FAF9F6,#12191C)}}
.top{{box-sizing:border-box;height:3.75rem;background:light-dark(#fff,#192226);border-bottom:1px
solid light-dark(#D8D4C8,#33424A)}}</style></head><body><div class="top"></div><div id="host"></div>
<script type="module" src="/mount.js"></script></body></html>"""


def words(labels: dict[str, str], language: str) -> dict[str, str]:
    """Return labels as the app would say them."""
    say = translator(language)
    return {name: say(msgid) for name, msgid in labels.items()}


def make_film(path: Path, *, seconds: int = 120) -> Path:
    """Write a film whose every frame differs, with sound."""
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        *("-v", "error", "-y"),
        *("-f", "lavfi", "-i", f"testsrc2=s=640x360:r=25:d={seconds}"),
        *("-f", "lavfi", "-i", f"sine=frequency=220:duration={seconds}"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-pix_fmt", "yuv420p"),
        *("-c:a", "aac", "-b:a", "48k", "-movflags", "+faststart", str(path)),
    ]
    subprocess.run(command, check=True)
    return path


class Server:
    """The server's state, at hand for a test."""

    def __init__(self, film: Path, *, language: str = "da") -> None:
        self.film = film
        self.language = language
        self.house = House()
        self.rooms = Rooms(self.house.ports)
        self.intents: list[dict[str, Any]] = []
        self.drafts: dict[str, str] = {}
        self.meeting = ""
        self.missing: list[dict[str, str]] = []
        self.minutes: dict[str, Any] | None = None
        self.meeting_at: str | None = None
        self.thumbnails: dict[str, Any] | None = None
        self.sheets = b""
        self.address = ""
        self.port = 0

    def document(self, login: str) -> dict[str, Any]:
        """Return the room's document for one person."""
        me = PEOPLE[login]
        other = METTE if me is BIRGITTE else BIRGITTE
        side = SIDES.get(me.id, Seat.GUEST)
        ours = {"answers": ANSWERS} if side is not Seat.GUEST else {}
        return ours | {
            "recording": {
                "id": RECORDING,
                "number": 3,
                "youth_letter": "A",
                "recorded_at": "2026-11-20T13:00:00+00:00",
                "duration_ms": 120_000,
                "language": "da",
                "has_video": True,
            },
            "me": {"id": me.id, "name": me.name, "side": side},
            "other": {"id": other.id, "name": other.name, "side": SIDES[other.id]},
            "people": self.people(),
            "sequences": SEQUENCES,
            "notes": list(self.house.notes.notes),
            "cycle": {"meeting_at": self.meeting_at},
            "minutes": self.minutes,
            "goals": [],
            "thumbnails": self.thumbnails,
        }

    def people(self) -> list[dict[str, str]]:
        """Return the two and whoever is invited."""
        invited = dict.fromkeys(sorted(self.house.gate.invited), Seat.GUEST)
        names = {user.id: user.name for user in PEOPLE.values()}
        return [
            {"id": id_, "name": names[id_], "side": seat} for id_, seat in (SIDES | invited).items()
        ]

    def group(self, login: str) -> dict[str, Any]:
        """Return who is invited and who may be, as the app's own route says it."""
        may_invite = PEOPLE[login] is BIRGITTE
        invited = self.house.gate.invited
        colleagues = [
            {"id": user.id, "name": user.name}
            for user in (GRETA, JONAS)
            if user.id not in invited and may_invite
        ]
        return {
            "guests": [each for each in self.people() if each["side"] == Seat.GUEST],
            "colleagues": colleagues,
            "missing": self.missing,
            "most": 6,
            "may_invite": may_invite,
        }

    def app(self) -> Starlette:
        """Return the server as an application."""
        at = f"/api/recordings/{RECORDING}"
        return Starlette(
            routes=[
                self.rooms.route,
                Route("/", self._page),
                Route("/mount.js", lambda _: Response(MOUNT, media_type="text/javascript")),
                Route("/data/{name}", self._data),
                Route(f"{at}/room", self._document),
                Route(f"{at}/desk", self._document),
                Route(f"{at}/group", self._group),
                Route(f"{at}/media", lambda _: FileResponse(self.film, media_type="video/mp4")),
                Route(f"{at}/thumbnails", lambda _: Response(self.sheets, media_type="image/jpeg")),
                Route(f"{at}/captions.vtt", lambda _: Response(CAPTIONS, media_type="text/vtt")),
                Route(f"{at}/concerns", self._concerns),
                Route(f"{at}/draft", self._draft),
                Route(f"{at}/intents", self._intent, methods=["POST"]),
                Mount("/components", StaticFiles(directory=COMPONENTS)),
            ],
            middleware=[Middleware(CookieGate)],
        )

    async def _page(self, request: Request) -> Response:
        page = PAGE.format(scheme=request.query_params.get("scheme", "light"))
        frames = self.meeting or "'none'"
        policy = f"{POLICY}; frame-src {frames}"
        return HTMLResponse(page, headers={"Content-Security-Policy": policy})

    async def _data(self, request: Request) -> Response:
        labels: dict[str, str] = getattr(
            room_labels, f"{request.path_params['name'].upper()}_LABELS"
        )
        return JSONResponse(
            {
                "recording": RECORDING,
                "lang": self.language,
                "meeting": self.meeting,
                "labels": words(labels, self.language),
            }
        )

    async def _document(self, request: Request) -> Response:
        return JSONResponse(self.document(request.cookies["who"]))

    async def _group(self, request: Request) -> Response:
        return JSONResponse(self.group(request.cookies["who"]))

    async def _concerns(self, _: Request) -> Response:
        duty = {"text": "Pligten er personlig.", "link": "https://www.retsinformation.dk/"}
        return JSONResponse({"leader": "Karen Holm", "duty": duty, "concerns": []})

    async def _draft(self, request: Request) -> Response:
        return JSONResponse({"text": self.drafts.get(request.query_params["field"], "")})

    async def _intent(self, request: Request) -> Response:
        intent = await request.json()
        self.intents.append(intent)
        if intent["intent"] == "keep_draft":
            self.drafts[intent["field"]] = intent["text"]
        if intent["intent"] == "invite_guest":
            self.house.gate.invited.add(intent["guest"])
        if intent["intent"] == "end_invitation":
            self.house.gate.invited.discard(intent["guest"])
        if intent["intent"] == "save_minutes":
            return self._save_minutes(intent)
        if intent["intent"] == "sign_minutes" and self.minutes:
            side = SIDES[PEOPLE[request.cookies["who"]].id]
            self.minutes["signed"][side] = "2026-11-24T10:04:00+00:00"
        if intent["intent"] == "add_to_minutes" and self.minutes:
            self.minutes["additions"].append(intent["text"])
        return JSONResponse({"ok": True, "result": None})

    def _save_minutes(self, intent: dict[str, Any]) -> Response:
        assert self.minutes is not None
        if intent["revision"] != self.minutes["revision"]:
            body = {"error": "Conflict", "message": "", "advice": ""}
            return JSONResponse(body, status_code=409)
        changed = {item["sequence"]: item for item in intent["items"]}
        self.minutes["items"] = [
            {**item, **changed[item["sequence"]]} for item in self.minutes["items"]
        ]
        self.minutes["agreements"] = intent["agreements"]
        self.minutes["plan"] = {**self.minutes["plan"], **intent["plan"]}
        self.minutes["revision"] += 1
        self.minutes["signed"] = {}
        return JSONResponse({"ok": True, "result": self.minutes["revision"]})


@contextmanager
def serving(server: Server, *, port: int = 0, abrupt: bool = False) -> Iterator[Server]:
    """Serve on a free port, or on that one, for as long as the block lasts.

    ``abrupt`` stops in the middle of whatever is being sent.
    """
    stop = {"patient": not abrupt}
    with patient_rooms(), served(server.app(), port=port, websockets=True, **stop) as bound:
        server.address, server.port = f"http://127.0.0.1:{bound}", bound
        yield server


def _sequence(
    number: int, start_ms: int, end_ms: int, *, title: str, kind: str, prompt: str
) -> dict[str, Any]:
    return {
        "id": f"s{number}",
        "start_ms": start_ms,
        "end_ms": end_ms,
        "order": number,
        "title": title,
        "kind": kind,
        "keywords": [],
        "prompt": prompt,
        "context_ms": 5_000,
        "by": BIRGITTE.id,
    }


SEQUENCES = [
    _sequence(
        1, 20_000, 49_000, title="Du giver A ro", kind="strength", prompt="Hvad fik A til at tale?"
    ),
    _sequence(
        2, 60_000, 98_000, title="A finder selv en vej", kind="strength", prompt="Hvad hørte du?"
    ),
    _sequence(
        3, 8_000, 16_000, title="Hvem valgte?", kind="open_question", prompt="Hvem begyndte?"
    ),
    _sequence(4, 100_000, 110_000, title="To spørgsmål på én gang", kind="work_point", prompt=""),
]
ANSWERS = [
    {
        "sequence": "s1",
        "seen": "Jeg sagde, at jeg gik for hurtigt frem.",
        "thought": "Så ventede jeg.",
        "skipped": False,
    }
]
CAPTIONS = """WEBVTT

00:00:08.000 --> 00:00:20.000
Det er en prøve.

00:00:20.000 --> 00:00:49.000
Det er i omklædningsrummet, det sker.
"""


def minutes() -> dict[str, Any]:
    """Return minutes as they are when the meeting has just ended."""
    return {
        "recording": RECORDING,
        "items": [
            {
                "sequence": sequence["id"],
                "title": sequence["title"],
                "kind": sequence["kind"],
                "start_ms": sequence["start_ms"],
                "seen": "Mette siger, at hun gik for hurtigt frem. A fortæller om omklædningen.",
                "said": "Roen gav A plads.",
                "reached": sequence["id"] != "s4",
            }
            for sequence in SEQUENCES
        ],
        "agreements": ["Mette siger det højt, når hun går for hurtigt."],
        "plan": {
            "with_whom": "A",
            "when": "torsdag 26. november kl. 14.30",
            "will_try": ["Begynde med det, A selv nævner"],
            "will_notice": "Hvad A gør, når jeg venter.",
            "goal": "Den unge når at tænke færdig.",
            "what_happened": "",
        },
        "revision": 1,
        "signed": {},
        "additions": [],
    }

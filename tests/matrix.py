"""Every door, and who of ``tests.knockers`` gets what at it in every state of consent.

A new route needs a line in ``DOORS``. A line's rule says the status for everyone in every state.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from consent.model import Purpose, RecordingId
from tests.knockers import (
    ADMINISTRATORS,
    CASEWORKERS,
    CODED,
    EDITORS,
    GONE,
    KEEPERS,
    NOT_ANSWERED,
    OPEN,
    READERS,
    TWO,
    WITHOUT_ACCOUNT,
    State,
    Who,
)

CANARY = "kanariefugl"
FILM = CANARY.encode() * 40
SCAN = b"%PDF-1.7 " + FILM
WISH, NOTE = "wish", "note"
"""Fields in which something unsaved stands: one may be read while the recording is locked."""


@dataclass
class Scene:
    """A recording in one state, and what there is about it.

    Attributes:
        places: What stands in the addresses that lead to it.
        codes: The code of each person who has one.
        visits: What a browser of theirs carries, and what its forms send back.
    """

    state: State
    recording: RecordingId
    places: dict[str, str]
    codes: dict[Who, str] = field(default_factory=dict)
    visits: dict[Who, tuple[str, str]] = field(default_factory=dict)


Rule = Callable[[Who, State], int]
"""What somebody gets in a state: a status."""

ONWARD, SIGNED_OUT, CLOSED, MISSING = 303, 401, 403, 404
RECORDING = "/api/recordings/{recording}"
GOALS = "/api/courses/{course}/goals"
PERSON = f"{RECORDING}/people/{{person}}"
TUS = {"Tus-Resumable": "1.0.0"}


def content(ok: int = 200) -> Rule:
    """Open to the two while everyone agrees."""
    return lambda who, state: CLOSED if who not in TWO else _by_consent(state, ok)


def watching(ok: int = 200) -> Rule:
    """Open to the two, and in an emergency to whom it was opened for, while everyone agrees.

    To a guest it opens in the room alone, where one of the two is: see ``test_group``.
    """

    def rule(who: Who, state: State) -> int:
        if who is Who.EMERGENCY_OPEN:
            return ok if state in OPEN else CLOSED
        return content(ok)(who, state)

    return rule


def reporting(ok: int) -> Rule:
    """Open to everyone to whom the film may be."""
    return lambda who, state: (meeting if who is Who.GUEST else watching)(ok)(who, state)


def meeting(ok: int = 200) -> Rule:
    """Open to the two and their guest, while everyone agrees."""

    def rule(who: Who, state: State) -> int:
        if who is Who.GUEST:
            return ok if state in OPEN else CLOSED
        return content(ok)(who, state)

    return rule


def supervisors(ok: int = 200) -> Rule:
    """Open to the supervisor while everyone agrees; to the caseworker as to the others."""
    return lambda who, state: (
        CLOSED if who is Who.OWNER and state in OPEN else content(ok)(who, state)
    )


def facts(ok: int = 200, *, gone: int | None = None) -> Rule:
    """Open to the two whatever the state; once it is gone something else may be said."""
    return lambda who, state: (
        CLOSED if who not in TWO or state is State.NOWHERE else _unless_gone(state, ok, gone)
    )


def worrying(ok: int = 200, *, gone: int | None = None) -> Rule:
    """Open to the two whatever the state, and to their guest while everyone agrees."""
    return lambda who, state: (
        meeting(ok)(who, state) if who is Who.GUEST else facts(ok, gone=gone)(who, state)
    )


def owners(ok: int = 200, *, gone: int | None = None, erased: int | None = None) -> Rule:
    """Open to the caseworker whatever the state; once it is gone something else may be said."""

    def rule(who: Who, state: State) -> int:
        if who is not Who.OWNER or state is State.NOWHERE:
            return CLOSED
        return erased if erased and state is State.ERASED else _unless_gone(state, ok, gone)

    return rule


def caseworkers(ok: int) -> Rule:
    """Open to whoever records conversations, whatever the recording."""
    return lambda who, _state: ok if who in CASEWORKERS else CLOSED


def sites(ok: int, people: frozenset[Who]) -> Rule:
    """Open to some of those with an account, whatever the recording: it is about none."""
    return lambda who, _state: ok if who in people else CLOSED


def owners_copy(who: Who, state: State) -> int:
    """A copy that the caseworker asked for, who no longer may fetch it; to the other it is none."""
    return content(CLOSED if who is Who.OWNER else MISSING)(who, state)


def papers(*, silent: int | None = None) -> Rule:
    """Open to the caseworker for whoever is on the roster; for who is silent it may not be."""

    def rule(who: Who, state: State) -> int:
        if who is Who.OWNER and state is State.NO_ROSTER:
            return MISSING
        asked = who is Who.OWNER and state in NOT_ANSWERED[Who.YOUTH]
        return silent if silent and asked else owners(gone=MISSING)(who, state)

    return rule


def everyones(ok: int) -> Rule:
    """The same for whoever is let in, in any state."""
    return lambda _who, _state: ok


def visitors(ok: int = 200, *, gone: int = ONWARD, silent: int | None = None) -> Rule:
    """Open to whoever is on a visit; the others are led to where a code is asked for."""

    def rule(who: Who, state: State) -> int:
        if who not in CODED or state in {State.NO_ROSTER, State.NOWHERE}:
            return ONWARD
        if state in GONE:
            return gone
        return silent if silent and state in NOT_ANSWERED[who] else ok

    return rule


def codes(who: Who, state: State) -> int:
    """Lead on whoever has a code, also when all is gone; any other code is no code."""
    there = who in CODED and state not in {State.NO_ROSTER, State.NOWHERE}
    return ONWARD if there else MISSING


def certificates(who: Who, state: State) -> int:
    """Open once all is erased to administrators and the caseworker; to others there is none."""
    return 200 if state is State.ERASED and who in {Who.OWNER, *ADMINISTRATORS} else MISSING


def own_certificates(who: Who, state: State) -> int:
    """Open once all is erased to whoever has a code."""
    return 200 if state is State.ERASED and who in CODED else ONWARD


def _unless_gone(state: State, ok: int, gone: int | None) -> int:
    return gone if gone and state in GONE else ok


def _by_consent(state: State, ok: int) -> int:
    return ok if state in OPEN else MISSING if state in GONE else CLOSED


@dataclass(frozen=True)
class Door:
    """One way to knock at a route, and who gets what.

    Attributes:
        own: Who may see there what they wrote or kept themselves, whatever the state.
        shows: Content is seen here by whoever may.
        public: No account is asked for.
    """

    path: str
    method: str
    rule: Rule
    options: Mapping[str, Any] = field(default_factory=dict)
    own: frozenset[Who] = frozenset()
    shows: bool = False
    public: bool = False

    def expected(self, who: Who, state: State) -> int:
        if who in WITHOUT_ACCOUNT and not self.public:
            return SIGNED_OUT
        return self.rule(who, state)


def shown(path: str, rule: Rule, method: str = "GET", **options: Any) -> Door:  # noqa: ANN401
    return Door(path, method, rule, options, shows=True)


def intent(name: str, rule: Rule, *, shows: bool = False, **arguments: object) -> Door:
    asked = {"json": {"intent": name, **arguments}}
    return Door(f"{RECORDING}/intents", "POST", rule, asked, shows=shows)


def export(what: str) -> Door:
    form = {"what": what, "reason": "court"}
    return shown(f"{RECORDING}/export", content(), "POST", form=form)


def public(path: str, method: str, rule: Rule, **options: Any) -> Door:  # noqa: ANN401
    return Door(f"/s/{path}", method, rule, options, public=True)


def meta(scene: Scene) -> dict[str, str]:
    """Return what tells whose film comes."""
    recording = b64encode(scene.recording.encode()).decode()
    return TUS | {"Upload-Length": "4", "Upload-Metadata": f"recording {recording}"}


ANY = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
NOTE_WORDS = {"at_ms": 0, "kind": "seen_heard", "visibility": "private", "text": CANARY}
NO_GOAL = {"intent": "remove_goal", "id": "none"}
PART = TUS | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
TAG = {"base": "conversation@1", "tag": {}}
ANSWER = {"purpose": Purpose.TRAINING.value, "answer": "no"}
TRAINING = {"sequence": None, "voice": "removed", "reason": "education"}
"""Where everyone agrees to supervision, nobody here has agreed to teaching."""
VTT = b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>Hej\n"
EXPORTS = [export("film"), export("captions"), export("subtitles")]
DOORS = [
    shown(f"{RECORDING}/media", watching()),
    shown(f"{RECORDING}/media", watching(206), headers={"Range": "bytes=0-99"}),
    shown(f"{RECORDING}/captions.vtt", watching()),
    shown(f"{RECORDING}/thumbnails", content()),
    Door(f"{RECORDING}/viewed", "POST", reporting(204), {"json": {"spans": [[0, 999]]}}),
    *EXPORTS,
    shown(f"{RECORDING}/desk", content()),
    shown(f"{RECORDING}/room", meeting()),
    Door(f"{RECORDING}/group", "GET", content()),
    shown(f"{RECORDING}/measures", content()),
    shown(f"{RECORDING}/codings", content()),
    Door(f"{RECORDING}/status", "GET", facts()),
    Door(f"{RECORDING}/meeting.ics", "GET", content()),
    replace(shown(GOALS, facts()), own=TWO),
    Door("/api/courses/{course}/intents", "POST", owners(MISSING), {"json": NO_GOAL}),
    shown(f"{RECORDING}/concerns", worrying()),
    shown(f"{RECORDING}/draft", content(), query=f"field={NOTE}"),
    Door(f"{RECORDING}/draft", "GET", facts(), {"query": f"field={WISH}"}, own=TWO),
    shown(f"{RECORDING}/text", content()),
    shown(f"{RECORDING}/text", content(), query="version=1"),
    Door(f"{RECORDING}/text/differences", "GET", content()),
    shown(
        f"{RECORDING}/text",
        content(),
        "POST",
        json={"intent": "correct_turn", "revision": 0, "turn": 0, "text": CANARY},
    ),
    intent("write_wish", owners(erased=MISSING), text=CANARY),
    intent("write_note", content(), shows=True, **NOTE_WORDS),
    intent("keep_draft", content(), field=NOTE, text=CANARY),
    intent("begin_coding", content(), start_ms=0, end_ms=9_000, codes=["reflection"]),
    intent("count_figures", content()),
    intent("invite_guest", supervisors(400), guest="nobody-here"),
    intent("end_invitation", supervisors(), guest="nobody-here"),
    Door(
        f"{RECORDING}/evidence/{{evidence}}/scan", "POST", owners(204, gone=MISSING), {"body": SCAN}
    ),
    replace(
        shown(f"{RECORDING}/evidence/{{scanned}}/scan", owners(gone=MISSING)),
        own=frozenset({Who.OWNER}),
    ),
    Door(f"{RECORDING}/training-copies", "GET", content()),
    Door(f"{RECORDING}/training-copies", "POST", content(CLOSED), {"json": TRAINING}),
    Door(f"{RECORDING}/training-copies/{{copy}}", "POST", owners_copy),
    Door(f"{RECORDING}/own-text/look", "POST", content(), {"body": VTT}),
    Door(f"{RECORDING}/own-text", "POST", content(204), {"body": VTT, "query": "voices=youth"}),
    Door(f"{PERSON}/notice.pdf", "GET", papers()),
    Door(f"{PERSON}/receipt.pdf", "POST", papers(silent=CLOSED)),
    Door(f"{PERSON}/receipt.jsonld", "GET", papers(silent=CLOSED)),
    Door(f"{PERSON}/record.jsonld", "GET", papers(silent=CLOSED)),
    Door("/api/uploads", "POST", owners(400), {"headers": meta}),  # the film is here already
    Door(f"{RECORDING}/parts", "PUT", owners(409, gone=MISSING), {"json": []}),  # likewise
    Door("/api/uploads", "OPTIONS", everyones(204), {"headers": TUS}),
    Door("/api/uploads/{upload}", "HEAD", owners(erased=CLOSED), {"headers": TUS}),
    Door(
        "/api/uploads/{upload}",
        "PATCH",
        owners(204, erased=CLOSED),
        {"headers": PART, "body": b"film"},
    ),
    Door(  # where a line lets only POST through
        "/api/uploads/{upload}",
        "POST",
        owners(erased=CLOSED),
        {"headers": TUS | {"X-HTTP-Method-Override": "HEAD"}},
    ),
    Door("/api/uploads/{upload}", "DELETE", owners(204, erased=CLOSED), {"headers": TUS}),
    Door("/api/uploads/{upload}", "OPTIONS", everyones(204), {"headers": TUS}),
    Door("/api/trials", "POST", caseworkers(400)),  # without a clip
    Door("/api/codebooks", "GET", sites(200, READERS)),
    Door("/api/codebooks/preview", "POST", sites(400, EDITORS), {"json": {}}),
    Door("/api/codebooks/conversation/tags/opening", "GET", sites(200, READERS)),
    Door("/api/codebooks/conversation/tags/opening", "POST", sites(400, EDITORS), {"json": TAG}),
    Door("/api/vocabularies", "GET", sites(200, KEEPERS)),
    Door("/api/vocabularies/da", "POST", sites(400, KEEPERS), {"json": {}}),
    Door("/api/certificates/{recording}.pdf", "GET", certificates),
    Door("/components/none/desk.js", "GET", everyones(MISSING)),
    Door("/auth/login", "GET", everyones(200), public=True),
    public("", "GET", everyones(200)),
    public("", "POST", codes, form=lambda who, scene: {"code": scene.codes.get(who, "0" * 16)}),
    public("{code}", "GET", codes),
    public("static/page.css", "GET", everyones(200)),
    public("leave", "GET", everyones(200)),
    public("me", "GET", visitors(gone=200)),
    public("me/stop", "GET", visitors(gone=200)),
    public("me/held", "GET", visitors(gone=200)),
    public("me/held.json", "GET", visitors()),
    public("me/certificate.pdf", "GET", own_certificates),
    public("me/certificate.json", "GET", own_certificates),
    public("me/receipt.jsonld", "GET", visitors(silent=ONWARD)),
    public("me/receipt.pdf", "POST", visitors(CLOSED, gone=CLOSED), form={"token": "forged"}),
    public("me/receipt.pdf", "POST", visitors(silent=ONWARD), form={"token": ""}),
    public("me/answer", "POST", visitors(CLOSED, gone=CLOSED), form={"token": "forged", **ANSWER}),
    public("me/answer", "POST", visitors(ONWARD), form={"token": "", **ANSWER}),
    public("me/ask", "POST", visitors(CLOSED, gone=CLOSED), form={"token": "forged"}),
    public("me/ask", "POST", visitors(ONWARD), form={"token": ""}),
    *(public("not/a/page", method, everyones(MISSING)) for method in ANY),
]
ENDINGS = [
    intent("raise_concern", worrying(gone=MISSING), text=CANARY),
    public("me/stop", "POST", visitors(CLOSED, gone=CLOSED), form={"token": "forged"}),
    public("me/stop", "POST", visitors(ONWARD), form={"token": ""}),
]
"""What changes how a recording stands."""
ROOM = "/api/rooms/{recording_id}"
SIGNING = {("/auth/login", "POST"), ("/auth/logout", "GET"), ("/auth/logout", "POST")}
"""They begin and end sessions, whatever the recording, and are tested where sign-in is."""


def heads() -> list[Door]:
    """Return a HEAD for each GET: it opens to the same people and shows nothing."""
    return [
        replace(door, method="HEAD", shows=False)
        for door in DOORS
        if door.method == "GET" and "headers" not in door.options
    ]

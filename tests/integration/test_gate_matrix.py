"""Every door of the app, tried by everyone, with and without consent."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect
from streamlit.runtime import Runtime

from consent.model import Event, RecordingId
from review_app.commands import INTENTS
from review_app.gate import Gate
from review_app.server import build, routes
from review_app.sessions import COOKIE
from storage.records import BlobRole
from tests.house import OWNER, PEOPLE, STRANGERS, SUPERVISOR, House, intend, open_house, turn

TUS = {"Tus-Resumable": "1.0.0"}
ORIGIN = "http://testserver"
# Path, method, status for the owner, for the supervisor, and for the owner without consent.
CONTENT = [
    ("/api/recordings/{recording}/media", "GET", 200, 200, 403),
    ("/api/recordings/{recording}/media", "HEAD", 200, 200, 403),
    ("/api/recordings/{recording}/captions.vtt", "GET", 200, 200, 403),
    ("/api/recordings/{recording}/thumbnails", "GET", 200, 200, 403),
    ("/api/recordings/{recording}/desk", "GET", 200, 200, 403),
    ("/api/recordings/{recording}/room", "GET", 200, 200, 403),
    ("/api/recordings/{recording}/status", "GET", 200, 200, 200),
    ("/api/recordings/{recording}/draft", "GET", 200, 200, 403),  # but for the wish, see below
    ("/api/recordings/{recording}/intents", "POST", 200, 403, 200),
    ("/api/uploads/{upload}", "HEAD", 200, 403, 200),
    ("/api/uploads/{upload}", "PATCH", 204, 403, 204),
    ("/api/uploads/{upload}", "DELETE", 204, 403, 204),
]
CREATE = [("/api/uploads", "POST")]
OPEN_TO_ALL_SIGNED_IN = [("/api/uploads", "OPTIONS")]
PUBLIC = [("/auth/login", "GET"), ("/auth/login", "POST"), ("/auth/logout", "GET")]
PUBLIC += [("/auth/logout", "POST")]
SOCKETS = [("/api/rooms/{recording_id}", "WEBSOCKET")]


def doors(house: House) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for route in routes(house.home, house.sessions):
        methods: set[str] = getattr(route, "methods", None) or {"WEBSOCKET"}
        found |= {(getattr(route, "path", ""), method) for method in methods}
    # Starlette answers HEAD wherever it answers GET, by the same function.
    return {(path, m) for path, m in found if m != "HEAD" or (path, "GET") not in found} | {
        (path, "HEAD") for path, m in found if m == "HEAD" and path.endswith("/media")
    }


def test_every_route_is_in_the_matrix(house: House) -> None:
    listed = {(path, method) for path, method, *_ in CONTENT}
    listed |= {*CREATE, *OPEN_TO_ALL_SIGNED_IN, *PUBLIC, *SOCKETS}
    assert doors(house) == listed


@pytest.fixture
def places(house: House) -> dict[str, str]:
    recording = house.recording()
    house.put(recording, BlobRole.PROXY, b"film")
    house.put(recording, BlobRole.THUMBNAILS, b"strip")
    house.transcript(recording, [turn(0, "Hej med dig")])
    waiting = house.recording(processed=False)
    asked = {"recording": waiting}
    return {"recording": recording, "upload": begin(house.browser(OWNER), asked["recording"])}


def begin(browser: TestClient, recording: str, *, length: int = 4) -> str:
    answer = create(browser, recording, length=length)
    assert answer.status_code == 201
    return str(answer.headers["Location"].rpartition("/")[2])


def create(browser: TestClient, recording: str, *, length: int = 4) -> Response:
    meta = f"recording {_b64(recording)}"
    headers = TUS | {"Upload-Length": str(length), "Upload-Metadata": meta}
    return browser.post("/api/uploads", headers=headers)


def _b64(text: str) -> str:
    return b64encode(text.encode()).decode()


def knock(browser: TestClient, path: str, method: str, places: dict[str, str]) -> Response:
    options: dict[str, Any] = {}
    if method == "POST" and path.endswith("/intents"):
        options["json"] = {"intent": "write_wish", "text": "See the opening"}
    if "/uploads" in path:
        options["headers"] = TUS | {"Upload-Offset": "0"}
    if method == "PATCH":
        options["headers"]["Content-Type"] = "application/offset+octet-stream"
        options["content"] = b"film"
    return browser.request(method, path.format(**places), **options)


@pytest.mark.parametrize(("path", "method", "owner", "supervisor", "_locked"), CONTENT)
def test_a_door_opens_for_the_two_and_nobody_else(  # noqa: PLR0917 - one column each
    house: House,
    places: dict[str, str],
    path: str,
    method: str,
    owner: int,
    supervisor: int,
    _locked: int,
) -> None:
    assert knock(house.browser(), path, method, places).status_code == 401
    nowhere = dict.fromkeys(places, "0197-nothing-like-this")
    for login in STRANGERS:
        theirs = knock(house.browser(login), path, method, places)
        none = knock(house.browser(login), path, method, nowhere)
        assert theirs.status_code == none.status_code == 403
        assert theirs.content == none.content
    assert knock(house.browser(SUPERVISOR), path, method, places).status_code == supervisor
    assert knock(house.browser(OWNER), path, method, places).status_code == owner


@pytest.mark.parametrize(("path", "method", "_owner", "_supervisor", "locked"), CONTENT)
def test_without_consent_content_is_closed_to_the_owner_too(  # noqa: PLR0917 - one column each
    house: House,
    places: dict[str, str],
    path: str,
    method: str,
    _owner: int,
    _supervisor: int,
    locked: int,
) -> None:
    house.clock.go_on(minutes=1)
    house.answer(RecordingId(places["recording"]), Event.WITHDRAWN)
    assert knock(house.browser(OWNER), path, method, places).status_code == locked


def test_without_consent_one_writes_a_wish_and_nothing_about_the_film(house: House) -> None:
    recording = house.recording(agreed=False)
    without = {"write_wish", "confirm_camera_cleared", "keep_draft"}
    for login in (OWNER, SUPERVISOR):
        browser = house.browser(login)
        for intent in INTENTS.keys() - without:
            refused = intend(browser, recording, intent)
            assert (refused.status_code, refused.json()["error"]) == (403, "ConsentMissing")
    house.do(OWNER, recording, "write_wish", text="x")
    house.do(OWNER, recording, "keep_draft", field="wish", text="y")
    kept = house.browser(OWNER).get(f"/api/recordings/{recording}/draft?field=wish")
    assert kept.json() == {"text": "y"}
    for field in ("note", "answer-1"):
        assert (
            intend(house.browser(OWNER), recording, "keep_draft", field=field, text="y").status_code
            == 403
        )
    house.do(OWNER, recording, "confirm_camera_cleared")


@pytest.mark.parametrize("login", [None, *PEOPLE])
def test_only_the_owner_opens_an_upload(house: House, login: str | None) -> None:
    recording = house.recording(processed=False)
    answer = create(house.browser(login), recording)
    assert answer.status_code == {None: 401, OWNER: 201}.get(login, 403)


def test_what_a_server_can_do_is_told_to_whoever_is_signed_in(house: House) -> None:
    assert house.browser().options("/api/uploads").status_code == 401
    assert house.browser("adam").options("/api/uploads").status_code == 204


def test_a_page_without_session_leads_to_the_card(house: House) -> None:
    answer = house.browser().get("/recordings", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/auth/login")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("path", ["/auth/login", "/api/uploads", "/api/recordings/r/intents"])
def test_what_another_site_sends_is_refused(
    house: House, path: str, headers: dict[str, str]
) -> None:
    browser = house.browser(OWNER)
    assert browser.post(path, headers=headers).status_code == 403
    assert browser.patch("/api/uploads/u", headers=headers).status_code == 403


def test_every_answer_is_guarded(house: House, places: dict[str, str]) -> None:
    answers = [
        house.browser().get("/auth/login"),
        house.browser().get("/api/recordings/r/desk"),
        house.browser("karen").get("/api/recordings/r/desk"),
        house.browser(OWNER).post("/auth/login", headers={"Origin": "null"}),
        house.browser(OWNER).get(f"/api/recordings/{places['recording']}/media"),
        house.browser(OWNER).get(f"/api/recordings/{places['recording']}/desk"),
    ]
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval'" not in policy.replace("'wasm-unsafe-eval'", "")


@pytest.mark.parametrize("address", ["a%00b", "%C3%A6", "a b", "x" * 300])
def test_no_address_upsets_the_server(any_house: House, address: str) -> None:
    browser = any_house.browser(OWNER)
    assert browser.get(f"/api/recordings/{address}/status").status_code == 403
    assert browser.head(f"/api/uploads/{address}", headers=TUS).status_code == 403
    recording = any_house.recording()
    field = browser.get(f"/api/recordings/{recording}/draft?field={address}")
    assert field.status_code == 400


# The whole app, with Streamlit in it.


@pytest.fixture(scope="module")
def inhabited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with ExitStack() as stack:
        yield open_house(stack, tmp_path_factory.mktemp("whole") / "home")


@pytest.fixture(scope="module")
def whole_app(inhabited: House) -> Iterator[TestClient]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("review_app.server.home", lambda: inhabited.home)
        patch.setattr("review_app.server.sessions", lambda: inhabited.sessions)
        patch.setattr("review_app.server.gc.freeze", lambda: None)
        patch.setattr(Runtime, "_instance", None)  # Streamlit allows one in a process
        with TestClient(build(), follow_redirects=False) as client:
            yield client


@pytest.fixture
def whole(whole_app: TestClient) -> TestClient:
    whole_app.cookies.clear()
    return whole_app


def dial(client: TestClient, path: str, *, token: str | None, origin: str | None) -> None:
    headers = {"Cookie": f"{COOKIE}={token}"} if token else {}
    if origin is not None:
        headers["Origin"] = origin
    with client.websocket_connect(path, headers=headers):
        pass


@pytest.mark.parametrize("path", ["/_stcore/stream", "/api/rooms/r"])
def test_a_socket_needs_a_session_and_our_own_page(
    inhabited: House, whole: TestClient, path: str
) -> None:
    token = inhabited.token(OWNER)
    for refused, origin in [
        (None, ORIGIN),
        ("forged", ORIGIN),
        (token, None),
        (token, "null"),
        (token, "https://elsewhere.example"),
        (token, "http://testserver.elsewhere.example"),
    ]:
        with pytest.raises((WebSocketDisconnect, WebSocketDenialResponse)):
            dial(whole, path, token=refused, origin=origin)
    dial(whole, path, token=token, origin=ORIGIN)


def test_streamlit_is_behind_the_gate_with_its_inline_scripts_allowed(
    inhabited: House, whole: TestClient
) -> None:
    for path in ("/", "/recordings", "/_stcore/host-config", "/_stcore/metrics"):
        assert whole.get(path).status_code == 401
    assert whole.get("/_stcore/health").status_code == 200
    whole.cookies[COOKIE] = inhabited.token(OWNER)
    page = whole.get("/", headers={"Accept": "text/html"})
    assert page.status_code == 200
    inline = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    assert inline
    for script in inline:
        digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in page.headers["Content-Security-Policy"]


def test_streamlits_own_uploads_and_agents_are_closed(inhabited: House, whole: TestClient) -> None:
    whole.cookies[COOKIE] = inhabited.token(OWNER)
    assert whole.put("/_stcore/upload_file/s/f").status_code == 404
    assert whole.get("/_stcore/agent/openapi.json").status_code == 404


def test_build_serves_every_route_of_ours_behind_the_gate(
    inhabited: House, whole: TestClient
) -> None:
    built = whole.app._starlette_app  # type: ignore[attr-defined]  # noqa: SLF001
    served = {getattr(route, "path", None) for route in built.routes}
    assert {path for path, _ in doors(inhabited)} <= served
    assert built.user_middleware[0].cls is Gate

"""The door in front of everything: sessions, origin, headers, and Streamlit behind it."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect
from streamlit.runtime import Runtime

from review_app import components
from review_app.gate import Gate
from review_app.server import build, routes
from review_app.sessions import COOKIE
from storage.records import BlobRole
from tests.house import OWNER, House, open_house, turn
from tests.matrix import TUS

ORIGIN = "http://testserver"
COMPONENTS = Path(components.__file__).parent


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


def test_every_answer_is_guarded(house: House) -> None:
    recording = house.recording()
    house.put(recording, BlobRole.PROXY, b"film")
    house.transcript(recording, [turn(0, "Hej med dig")])
    answers = [
        house.browser().get("/auth/login"),
        house.browser().get("/api/recordings/r/desk"),
        house.browser("karen").get("/api/recordings/r/desk"),
        house.browser(OWNER).post("/auth/login", headers={"Origin": "null"}),
        house.browser(OWNER).get(f"/api/recordings/{recording}/media"),
        house.browser(OWNER).get(f"/api/recordings/{recording}/desk"),
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
        patch.setattr("review_app.server.witness", lambda: inhabited.witness)
        patch.setattr("review_app.server.gc.freeze", lambda: None)
        patch.setattr("review_app.server.gc.set_threshold", lambda _: None)
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


def test_a_browser_keeps_the_components_files_under_an_address_of_their_version(
    inhabited: House, whole: TestClient
) -> None:
    asked = "/_stcore/bidi-components/review-app.desk/desk.js"
    assert whole.get(asked).status_code == 401
    whole.cookies[COOKIE] = inhabited.token(OWNER)
    led = whole.get(asked)
    address = led.headers["Location"]
    assert (led.status_code, led.headers["Cache-Control"]) == (307, "no-store")
    for name, kind in (("desk.js", "javascript"), ("dom.js", "javascript"), ("desk.css", "css")):
        kept = whole.get(address.replace("desk.js", name))
        assert kept.text == (COMPONENTS / name).read_text("utf-8")
        assert kept.headers["Content-Type"].startswith(f"text/{kind}")
        assert kept.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    for missing in ("/components/older/desk.js", address.replace("desk.js", "desk_labels.py")):
        gone = whole.get(missing)
        assert (gone.status_code, gone.headers["Cache-Control"]) == (404, "no-store")
    whole.cookies.clear()
    assert whole.get(address).status_code == 401


def test_build_serves_every_route_of_ours_behind_the_gate(
    inhabited: House, whole: TestClient
) -> None:
    built = whole.app._starlette_app  # type: ignore[attr-defined]  # noqa: SLF001
    served = {getattr(route, "path", None) for route in built.routes}
    ours = routes(inhabited.home, inhabited.sessions, inhabited.witness)
    assert {getattr(route, "path", "") for route in ours} <= served
    assert built.user_middleware[0].cls is Gate

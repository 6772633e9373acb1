"""Sign-in, its limits, and its end."""

import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from httpx2 import Response
from starlette.testclient import TestClient

from review_app.sessions import COOKIE
from storage import accounts
from storage.passwords import hash_password
from storage.records import BlobRole, UserRole
from tests.house import OWNER, PASSWORD, House, open_house


def sign_in(browser: TestClient, login: str, password: str, **more: str) -> Response:
    return browser.post("/auth/login", data={"login": login, "password": password, **more})


def test_a_wrong_password_and_an_unknown_login_are_answered_alike(house: House) -> None:
    browser = house.browser()
    wrong = sign_in(browser, OWNER, "wrong")
    unknown = sign_in(browser, "nobody", "wrong")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text == unknown.text
    assert COOKIE not in wrong.cookies


def test_both_cost_the_time_of_a_password(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.passwords._HASHER", PasswordHasher())  # as in use
    with house.home.transaction() as tx:
        accounts.add_user(
            tx,
            login="real",
            name="Real Testsen",
            role=UserRole.CASEWORKER,
            password_hash=hash_password(PASSWORD),
            language="en",
        )

    def seconds(login: str) -> float:
        best = 9.0
        for _ in range(3):
            start = time.process_time()  # whatever else the machine does
            assert house.sessions.sign_in(login=login, password="wrong") is None
            best = min(best, time.process_time() - start)
        return best

    known, unknown = seconds("real"), seconds("nobody")
    assert 0.4 < known / unknown < 2.5


def test_signing_in_opens_the_door_and_its_cookie_is_for_the_browser_alone(
    any_house: House,
) -> None:
    browser = any_house.browser()
    answer = sign_in(browser, f" {OWNER.upper()} ", PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    flags = {part.strip().lower() for part in answer.headers["Set-Cookie"].split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= flags
    assert "secure" not in flags
    assert browser.options("/api/uploads").status_code == 204


def test_behind_tls_the_cookie_is_secure(tmp_path: Path) -> None:
    with ExitStack() as stack:
        house = open_house(stack, tmp_path / "home", secure_cookies=True)
        answer = sign_in(house.browser(), OWNER, PASSWORD)
        assert "Secure" in answer.headers["Set-Cookie"]


def test_eight_failures_close_a_login_for_a_while_and_no_other(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("review_app.sessions.is_password", lambda given, **_: given == PASSWORD)
    browser = house.browser()
    for _ in range(8):
        assert sign_in(browser, OWNER, "wrong").status_code == 401
    assert sign_in(browser, OWNER, PASSWORD).status_code == 429
    assert sign_in(browser, "birgitte", PASSWORD).status_code == 303
    later = time.monotonic() + 301
    monkeypatch.setattr("review_app.routes.login.time.monotonic", lambda: later)
    assert sign_in(browser, OWNER, PASSWORD).status_code == 303


def test_a_right_password_forgives_earlier_failures(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("review_app.sessions.is_password", lambda given, **_: given == PASSWORD)
    browser = house.browser()
    for _ in range(2):
        for _ in range(7):
            assert sign_in(browser, OWNER, "wrong").status_code == 401
        assert sign_in(browser, OWNER, PASSWORD).status_code == 303


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"content": b""},
        {"content": b"x" * 100_000, "headers": {"Content-Type": "text/plain"}},
        {"data": {"login": "a" * 9000, "password": "b"}},
        {"data": {"login": "a\0b", "password": "b\0"}},
        {"headers": {"Content-Length": "many"}, "content": b"a"},
    ],
)
def test_no_form_upsets_the_card(any_house: House, form: dict[str, Any]) -> None:
    assert any_house.browser().post("/auth/login", **form).status_code == 401


@pytest.mark.parametrize(
    ("wanted", "target"),
    [
        ("/desk?recording=r", "/desk?recording=r"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example", "/"),
        ("/\\elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_signing_in_never_leads_elsewhere(house: House, wanted: str, target: str) -> None:
    answer = sign_in(house.browser(), OWNER, PASSWORD, next=wanted)
    assert answer.headers["Location"] == target
    card = house.browser().get("/auth/login", params={"next": wanted})
    assert "elsewhere" not in card.text
    assert "javascript" not in card.text


@pytest.mark.parametrize("wanted", ["/\t/elsewhere.example", "/\r\nSet-Cookie: a=b", "/\x00"])
def test_no_control_character_reaches_a_header(house: House, wanted: str) -> None:
    answer = sign_in(house.browser(), OWNER, PASSWORD, next=wanted)
    assert all(c.isprintable() for c in answer.headers["Location"])
    assert "a=b" not in answer.headers["Set-Cookie"]


def test_the_card_speaks_three_languages_and_escapes_what_it_is_given(house: House) -> None:
    browser = house.browser()
    titles = {
        lang: browser.get(f"/auth/login?lang={lang}").text.split("<h1>")[1].split("<")[0]
        for lang in ("da", "sv", "en")
    }
    assert titles == {"da": "Log ind", "sv": "Logga in", "en": "Sign in"}
    assert browser.get("/auth/login", headers={"Accept-Language": "sv"}).text.count("Logga in")
    injected = browser.get("/auth/login", params={"next": '/"><script>alert(1)</script>'})
    assert "<script>" not in injected.text


def test_a_session_ends_when_nobody_uses_it(any_house: House) -> None:
    browser = any_house.browser(OWNER)
    for _ in range(3):
        any_house.clock.go_on(minutes=29)
        assert browser.options("/api/uploads").status_code == 204
    any_house.clock.go_on(minutes=31)
    assert browser.options("/api/uploads").status_code == 401


def test_a_session_ends_in_any_case(house: House) -> None:
    browser = house.browser(OWNER)
    for _ in range(8 * 3 - 1):
        house.clock.go_on(minutes=20)
        assert browser.options("/api/uploads").status_code == 204
    house.clock.go_on(minutes=21)
    assert browser.options("/api/uploads").status_code == 401


def test_a_sign_out_closes_the_film_at_the_next_request(house: House) -> None:
    recording = house.recording()
    house.put(recording, BlobRole.PROXY, b"0123456789")
    browser, other = house.browser(OWNER), house.browser(OWNER)
    token = browser.cookies[COOKIE]
    film = f"/api/recordings/{recording}/media"
    assert browser.get(film, headers={"Range": "bytes=0-4"}).status_code == 206
    answer = browser.get("/auth/logout")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/auth/login")
    assert f"{COOKIE}=" in answer.headers["Set-Cookie"]
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert browser.cookies[COOKIE] == token  # a copy of the cookie is worth nothing
    assert browser.get(film, headers={"Range": "bytes=5-9"}).status_code == 401
    assert other.get(film).status_code == 200


def test_two_sign_ins_never_share_a_token(house: House) -> None:
    tokens = {house.sessions.sign_in(login=OWNER, password=PASSWORD) for _ in range(2)}
    assert len(tokens) == 2
    assert all(token is not None and len(token) >= 43 for token in tokens)

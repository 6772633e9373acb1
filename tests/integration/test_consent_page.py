"""The way to the public consent page, for who has a code and for who only tries some."""

import asyncio
import logging
import re
import secrets
import statistics
import time

import pytest
from starlette.testclient import TestClient

from consent.model import Purpose
from review_app.consent_page.tries import MOST_ADDRESSES, PER_ADDRESS, WINDOW_S, Tries
from review_app.routes.consent_page import COOKIE
from storage import audit, consent_codes
from tests.house import House
from tests.knocking import knock
from tests.visitor import visitor, words_of

WRONG = "0000-0000-0000-0000"


class TestTheWayIn:
    def test_a_code_leaves_the_address_at_once(self, house: House) -> None:
        me = visitor(house, house.recording())
        answer = me.browser.get(f"/s/{me.code}")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/s/me")
        assert answer.content == b""
        cookie = answer.headers["Set-Cookie"]
        assert me.code.replace("-", "") not in cookie.replace("-", "")
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert parts == {"httponly", "samesite=strict", "path=/s", "max-age=900"}

    def test_behind_tls_the_cookie_is_sent_over_https_only(self, house: House) -> None:
        object.__setattr__(
            house.home, "settings", house.home.settings.model_copy(update={"secure_cookies": True})
        )
        house.start()
        me = visitor(house, house.recording())
        assert "Secure" in me.browser.get(f"/s/{me.code}").headers["Set-Cookie"]

    def test_a_code_is_typed_as_people_type(self, house: House) -> None:
        me = visitor(house, house.recording())
        typed = me.code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
        answer = me.browser.post("/s/", data={"code": typed, "lang": "sv"})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/s/me")
        assert "Filmen från ditt samtal" in me.page()

    def test_without_a_visit_one_is_asked_for_a_code(self, house: House) -> None:
        browser = house.browser()
        for path in ("/s/me", "/s/me/stop", "/s/me/held", "/s/me/held.json"):
            answer = browser.get(path)
            assert (answer.status_code, answer.content) == (303, b"")
        for path in ("/s/me/stop", "/s/me/ask"):
            assert browser.post(path, data={"token": "x"}).headers["Location"] == "/s/"

    def test_a_link_in_a_message_leads_to_the_page_too(self, house: House) -> None:
        answer = house.browser().get("/s/me", headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 200
        assert 'http-equiv="refresh" content="0; url=/s/me"' in answer.text

    def test_a_visit_ends_by_itself_and_goes_on_while_it_is_used(self, house: House) -> None:
        me = visitor(house, house.recording())
        me.enter()
        for _ in range(3):
            house.clock.go_on(minutes=14)
            me.page()
        house.clock.go_on(minutes=15)
        answer = me.browser.get("/s/me")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/s/?ended")
        assert "Siden har lukket sig selv" in words_of(me.browser.get("/s/?ended"))

    def test_a_revoked_code_ends_the_visit(self, house: House) -> None:
        me = visitor(house, house.recording())
        me.enter()
        with house.home.transaction() as tx:
            consent_codes.revoke(tx, me.recording, me.person.person)
        assert me.browser.get("/s/me").status_code == 303

    def test_leaving_ends_the_visit_on_an_empty_page(self, house: House) -> None:
        me = visitor(house, house.recording())
        me.enter()
        left = me.browser.get("/s/leave")
        assert words_of(left) == "Tom side"
        assert COOKIE not in me.browser.cookies
        assert me.browser.get("/s/me").status_code == 303

    def test_the_visit_opens_nothing_but_the_page(self, house: House) -> None:
        recording = house.recording()
        me = visitor(house, recording)
        me.enter()
        for path in ("media", "desk", "captions.vtt", "status"):
            assert me.browser.get(f"/api/recordings/{recording}/{path}").status_code == 401
        assert me.browser.get("/").status_code == 401

    def test_every_answer_keeps_the_page_out_of_indexes_and_stores(self, house: House) -> None:
        me = visitor(house, house.recording())
        answers = [me.browser.get("/s/"), me.browser.get(f"/s/{WRONG}"), me.browser.get("/s/leave")]
        me.enter()
        answers += [me.browser.get(path) for path in ("/s/me", "/s/me/stop", "/s/me/held")]
        for answer in answers:
            assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
            assert answer.headers["Cache-Control"] == "no-store"
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert "unsafe" not in answer.headers["Content-Security-Policy"]
            assert 'name="robots" content="noindex, nofollow"' in answer.text
            assert not re.search(r'(?:href|src|action)="(?!/s/|#|\?lang=|data:,)', answer.text)

    def test_nothing_else_is_open_under_the_page(self, house: House) -> None:
        browser = house.browser()
        for path in (
            "/s/static/%2e%2e/labels.py",
            "/s/static/labels.py",
            "/s/a/b",
            "/s/me/nothing",
        ):
            assert browser.get(path).status_code == 404
            assert browser.put(path).status_code == 404
        assert browser.get("/sx").status_code == 401
        for name, kind in (("page.css", "text/css"), ("page.js", "text/javascript")):
            served = browser.get(f"/s/static/{name}")
            assert served.status_code == 200
            assert served.headers["Content-Type"].startswith(kind)
            assert served.headers["Cache-Control"] == "no-store"

    def test_the_typeface_is_two_files_that_a_phone_keeps(self, house: House) -> None:
        browser = house.browser()
        for weight in ("Regular", "Semibold"):
            served = browser.get(f"/s/static/SourceSansPro-{weight}.otf")
            assert (served.status_code, served.content[:4]) == (200, b"OTTO")
            assert served.headers["Content-Type"] == "font/otf"
            assert "max-age" in served.headers["Cache-Control"]
        for other in ("SourceSansPro-Bold.otf", "SourceSansPro-Regular.ttf", "LICENSE.txt"):
            assert browser.get(f"/s/static/{other}").status_code == 404
        assert "font-src 'self'" in browser.get("/s/").headers["Content-Security-Policy"]


class TestWrongCodes:
    def patient(self, house: House) -> TestClient:
        """Return a browser whose wrong codes are forgotten at once."""
        browser = house.browser()
        clock = iter(range(10**9))
        for route in house.app.routes:
            page = getattr(getattr(route, "endpoint", None), "__self__", None)
            if hasattr(page, "_tries"):
                page._tries = Tries(clock=lambda: next(clock) * WINDOW_S)  # noqa: SLF001
        return browser

    def test_thousands_of_wrong_codes_get_one_answer(self, house: House) -> None:
        me = visitor(house, house.recording(), language="en")
        with house.home.transaction() as tx:
            consent_codes.revoke(tx, me.recording, me.person.person)
        browser = self.patient(house)
        signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
        answers = {
            (answer.status_code, answer.content, tuple(sorted(answer.headers.items())))
            for tried in [
                me.code,
                "x",
                "0" * 300,
                "%00",
                "%E6%BC%A2",
                *("".join(secrets.choice(signs) for _ in range(16)) for _ in range(2_000)),
            ]
            for answer in [browser.get(f"/s/{tried}")]
        }
        assert len(answers) == 1
        assert next(iter(answers))[0] == 404

    def test_a_wrong_code_takes_as_long_as_any_other(self, house: House) -> None:
        me = visitor(house, house.recording())
        with house.home.transaction() as tx:
            consent_codes.revoke(tx, me.recording, me.person.person)
        browser = self.patient(house)
        took: dict[str, list[float]] = {me.code: [], WRONG: [], "x": []}
        for _ in range(120):
            for code, each in took.items():
                begun = time.perf_counter()
                browser.get(f"/s/{code}")
                each.append(time.perf_counter() - begun)
        medians = [statistics.median(each) for each in took.values()]
        assert max(medians) < 1.5 * min(medians)

    def test_who_tries_many_is_asked_to_wait(self, house: House) -> None:
        me = visitor(house, house.recording())
        for _ in range(PER_ADDRESS):
            assert me.browser.get(f"/s/{WRONG}").status_code == 404
        for answer in (me.browser.get(f"/s/{me.code}"), me.browser.post("/s/", data={"code": "x"})):
            assert answer.status_code == 429
            assert answer.headers["Retry-After"] == "300"
            assert "Vent fem minutter" in words_of(answer)
            assert "Set-Cookie" not in answer.headers

    def test_wrong_codes_of_thousands_shut_out_nobody_with_a_right_one(self, house: House) -> None:
        me = visitor(house, house.recording())

        async def flood() -> list[int]:
            tried = [await knock(house.app, f"/s/{WRONG}", "GET") for _ in range(2_500)]
            return [answer.status for answer in tried]

        assert set(asyncio.run(flood())) == {404}
        me.enter()

    def test_a_code_stands_in_no_log_and_no_audit_entry(
        self, house: House, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG, logger="review_app")
        me = visitor(house, house.recording())
        me.enter()
        me.say(Purpose.TRAINING, "yes")
        me.browser.post("/s/", data={"code": me.code})
        with house.home.reading() as tx:
            kept = repr(audit.entries_about(tx, me.recording))
        logged = " ".join(
            line.getMessage() for line in caplog.records if not line.name.startswith("http")
        )
        for text in (kept, logged):
            assert me.code not in text
            assert me.code.replace("-", "") not in text


class TestTries:
    def test_right_codes_do_not_count(self) -> None:
        tries = Tries(clock=lambda: 0.0)
        for _ in range(PER_ADDRESS * 3):
            assert tries.may_try("192.0.2.1")
            tries.was_right("192.0.2.1")

    def test_wrong_ones_are_forgotten_after_a_while(self) -> None:
        now = 0.0
        tries = Tries(clock=lambda: now)
        assert all(tries.may_try("192.0.2.1") for _ in range(PER_ADDRESS))
        assert not tries.may_try("192.0.2.1")
        assert tries.may_try("192.0.2.2")
        now = WINDOW_S
        assert tries.may_try("192.0.2.1")

    def test_the_ends_of_one_network_count_together(self) -> None:
        tries = Tries(clock=lambda: 0.0)
        assert all(tries.may_try(f"2001:db8::{n:x}") for n in range(PER_ADDRESS))
        assert not tries.may_try("2001:db8::ffff")
        assert tries.may_try("2001:db8:0:1::1")

    def test_however_many_try_nobody_else_is_shut_out(self) -> None:
        tries = Tries(clock=lambda: 0.0)
        for n in range(MOST_ADDRESSES + PER_ADDRESS):
            for _ in range(PER_ADDRESS):
                assert tries.may_try(f"host-{n}")
            assert not tries.may_try(f"host-{n}")
        assert tries.may_try("another")

    def test_what_is_remembered_has_an_end(self) -> None:
        tries = Tries(clock=lambda: 0.0)
        for n in range(MOST_ADDRESSES):
            assert tries.may_try(f"host-{n}")
        for _ in range(PER_ADDRESS):
            assert tries.may_try("the latest")
        assert not tries.may_try("the latest")
        assert all(tries.may_try("host-0") for _ in range(PER_ADDRESS))  # it was the first

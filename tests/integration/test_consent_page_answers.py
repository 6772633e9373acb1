"""What the public consent page tells someone in a film, and what their answers do."""

import json
from datetime import date, timedelta

import pytest

from consent.model import Event, Method, Place, Purpose, Role
from review_app.commands.emergency import approve_access, ask_for_access
from review_app.consent_page.labels import HOLDING_WORDS
from storage import access_asks, audit, holds
from storage.erasure import begin_erasure, erase
from storage.holdings import LISTED
from storage.records import BlobRole, HoldKind, NotificationKind, RequestKind
from storage.requests import waiting
from tests.house import BIRTH_YEAR, OWNER, SUPERVISOR, House, turn
from tests.visitor import Visitor, asked_to_erase, told, visitor, words_of, youth_born


class TestWhatIsShown:
    def test_a_youth_of_thirteen_reads_it_in_danish(self, house: House) -> None:
        recording = house.recording()
        youth_born(house, recording, date(2013, 3, 1))
        me = visitor(house, recording)
        me.enter()
        page = me.page()
        for said in (
            "Filmen fra din samtale",
            "Du talte med din rådgiver den 9. marts, og det blev filmet.",
            "Min rådgiver lærer af filmen Din rådgiver og en vejleder ser små stykker sammen",
            "Du sagde ja Sig nej",
            "Andre rådgivere ser et stykke",
            "Du har ikke svaret endnu Sig ja Sig nej",
            "Vil du ikke være med mere? Filmen bliver lukket med det samme og slettet.",
            "Stop og slet filmen",
            "Ingen har set den endnu. Kun din rådgiver og vejlederen må se den.",
            "Hvad har I om mig?",
            "Datatilsynet",
            "Luk siden hurtigt",
        ):
            assert said in page
        assert "Testsen" not in page

    def test_a_custody_holder_reads_it_in_swedish(self, house: House) -> None:
        recording = house.recording()
        me = visitor(house, recording, Role.CUSTODY_HOLDER, language="sv-SE,sv;q=0.9")
        house.clock.go_on(minutes=1)
        house.answer(recording, Event.REFUSED, only=Role.YOUTH)
        me.enter()
        page = me.page()
        assert "Ett barn som du är vårdnadshavare för pratade med en socialsekreterare" in page
        assert "Du sa ja Säg nej" in page
        assert "Ingen kan se filmen, för alla har inte sagt ja." in page
        assert "Barnet får samma hjälp ändå" in page
        assert "Du sa nej" not in page, "another's answer is not told"
        assert "Du sa nej" not in me.page("/s/me/held")

    def test_the_language_chosen_stays(self, house: House) -> None:
        me = visitor(house, house.recording())
        me.enter()
        assert "The film of your conversation" in me.page("/s/me?lang=en")
        assert "Are you sure?" in me.page("/s/me/stop")

    def test_who_has_seen_which_parts_is_told_by_role_and_day(self, house: House) -> None:
        me = visitor(house, house.recording())
        for login, start, end in (
            (SUPERVISOR, 0, 60_000),
            (SUPERVISOR, 30_000, 90_000),
            (OWNER, 0, 5_000),
        ):
            log(house, login, "viewed", me, from_ms=start, to_ms=end)
        me.enter()
        page = me.page()
        assert "Rådgiverens vejleder har set den Så 00:00–01:30 af filmen" in page
        assert "tirsdag 10. marts kl. 13.00" in page
        assert page.count("har set den Så") == 2
        assert "Testsen" not in page

    def test_an_emergency_is_told_by_role_and_why_others_may_see_it(self, house: House) -> None:
        recording = house.recording()
        house.put(recording, BlobRole.PROXY, b"film")
        me = visitor(house, recording)
        me.enter()
        may_see = (
            "Kun din rådgiver og vejlederen må se den. Det må en gruppe også, hvis alle har sagt "
            "ja til den. I en nødsituation må en administrator"
        )
        assert f"Ingen har set den endnu. {may_see}" in me.page()
        with house.home.transaction() as tx:
            asked = ask_for_access(tx, house.people["adam"], recording, reason="Somebody is hurt")
            approve_access(tx, house.people["karen"], asked.id)
        adam = house.browser("adam")
        assert adam.get(f"/api/recordings/{recording}/media").status_code == 200
        assert "En administrator, i en nødsituation har åbnet den" in me.page()
        said = {"spans": [[0, 5_000]], "over": True}
        assert adam.post(f"/api/recordings/{recording}/viewed", json=said).status_code == 204
        page = me.page()
        assert "En administrator, i en nødsituation har set den Så 00:00–00:05 af filmen" in page
        assert may_see in page
        assert "Testsen" not in page
        (look,) = me.browser.get("/s/me/held.json").json()["seen_by"]
        assert (look["who"], look["did"]) == ("administrator", "viewed")

    def test_a_film_that_was_sent_and_never_played_was_opened(self, house: House) -> None:
        me = visitor(house, house.recording())
        me.enter()
        for login in (OWNER, SUPERVISOR):
            for what in ("film", "captions"):
                log(house, login, "opened", me, what=what)
        log(house, SUPERVISOR, "viewed", me, from_ms=0, to_ms=1_000)
        page = me.page()
        assert page.count("Rådgiveren har åbnet den") == 1
        assert "Ingen har set den" not in page
        assert page.count("Rådgiverens vejleder") == 1
        assert "Rådgiverens vejleder har set den" in page

    def test_who_supervised_before_is_still_the_supervisor(self, house: House) -> None:
        me = visitor(house, house.recording())
        me.enter()
        for login, said in (("yrsa", "Rådgiverens vejleder"), ("karen", "En anden")):
            log(house, login, "viewed", me, from_ms=0, to_ms=1_000)
            assert f"{said} har set den" in me.page()

    def test_an_adult_decides_alone(self, house: House) -> None:
        recording = house.recording()
        holder = visitor(house, recording, Role.CUSTODY_HOLDER)
        youth_born(house, recording, date(2008, 3, 1))
        holder.enter()
        page = holder.page()
        assert "for den unge bestemmer selv nu" in page
        assert "Sig nej" not in page
        assert "Er du sikker?" not in holder.page("/s/me/stop")
        youth = visitor(house, recording)
        youth.enter()
        assert "Vi spørger dig igen Sig ja Sig nej" in youth.page() or "Du sagde ja" in youth.page()

    def test_what_is_held_is_listed_without_content(self, house: House) -> None:
        recording = house.recording()
        house.put(recording, BlobRole.PROXY, b"film")
        house.transcript(recording, [turn(0, "Hemmelighed")])
        house.do(OWNER, recording, "write_wish", text="Hemmelighed")
        house.sequence(recording)
        me = visitor(house, recording)
        me.enter()
        page = me.page("/s/me/held")
        for said in (
            "Filmen i en mindre udgave",
            "Teksten fra samtalen",
            "Valgte stykker af filmen",
        ):
            assert said in page
        assert "Du sagde ja til: Min rådgiver lærer af filmen" in page
        document = me.browser.get("/s/me/held.json")
        found = document.json()
        assert found["person"]["role"] == "youth"
        assert [each["event"] for each in found["answers"]] == ["given"]
        assert {"proxy", "sequences"} <= {each["what"] for each in found["held"]}
        for text in (page, json.dumps(found)):
            assert "Hemmelighed" not in text
            assert "Testsen" not in text
            assert not BIRTH_YEAR.search(text)

    def test_no_number_tells_that_another_has_answered(self, house: House) -> None:
        recording = house.recording()
        me = visitor(house, recording, Role.CUSTODY_HOLDER)
        youth = visitor(house, recording)
        me.enter()
        youth.enter()
        before = me.page("/s/me/held")
        youth.say(Purpose.RESEARCH, "no")
        youth.send("/s/me/ask")
        assert me.page("/s/me/held") == before

    def test_every_holding_has_a_word(self) -> None:
        assert set(HOLDING_WORDS) == set(LISTED)

    def test_a_worry_about_a_child_is_told_to_nobody_here(self, house: House) -> None:
        me = visitor(house, house.recording(), Role.CUSTODY_HOLDER)
        me.enter()
        before = me.page(), me.page("/s/me/held")
        with house.home.transaction() as tx:
            holds.place_hold(
                tx,
                me.recording,
                kind=HoldKind.CONCERN,
                ground="concern",
                by=house.people[OWNER].id,
            )
        assert (me.page(), me.page("/s/me/held")) == before


def log(house: House, login: str, action: str, me: Visitor, **detail: int | str) -> None:
    by = house.people[login].id
    with house.home.transaction() as tx:
        audit.append(tx, actor=by, action=action, subject=me.recording, detail=detail)


class TestAnswering:
    def test_a_yes_is_evidence_of_what_was_shown(self, any_house: House) -> None:
        recording = any_house.recording()
        youth_born(any_house, recording, date(2012, 5, 1))
        me = visitor(any_house, recording)
        me.enter()
        me.say(Purpose.TRAINING, "yes")
        kept = me.last(Purpose.TRAINING)
        assert (kept.event, kept.method, kept.place) == (Event.GIVEN, Method.DIGITAL, Place.ONLINE)
        assert (kept.language, kept.written_by) == ("da", "")
        assert kept.notice.startswith("youth_13_15-")
        assert told(any_house) == [NotificationKind.CONSENT_GIVEN]
        assert "Dit svar er gemt." in me.page("/s/me?saved")
        with any_house.home.reading() as tx:
            last = audit.entries_about(tx, recording)[-1]
        assert (last.action, last.actor) == ("consent_given", me.person.person)

    def test_the_same_answer_twice_is_one(self, house: House) -> None:
        me = visitor(house, house.recording())
        me.enter()
        for _ in range(3):
            me.say(Purpose.RESEARCH, "no")
        assert [e.event for e in me.evidence() if e.purpose is Purpose.RESEARCH] == [Event.REFUSED]
        for said in ("yes", "no"):
            house.clock.go_on(minutes=1)
            me.say(Purpose.RESEARCH, said)
        assert me.last(Purpose.RESEARCH).event is Event.WITHDRAWN
        assert asked_to_erase(house) == []
        assert told(house)[0] is NotificationKind.CONSENT_WITHDRAWN

    def test_the_last_yes_opens_the_film(self, house: House) -> None:
        recording = house.recording(agreed=False)
        house.answer(recording, Event.GIVEN, only=Role.CASEWORKER)
        for role in (Role.YOUTH, Role.CUSTODY_HOLDER):
            me = visitor(house, recording, role)
            me.enter()
            me.say(Purpose.SUPERVISION, "yes")
        assert house.permit(recording)
        with house.home.transaction() as tx:
            assert [each.kind for each in waiting(tx)] == [RequestKind.PROCESS]

    def test_stop_closes_the_film_on_the_next_request(self, any_house: House) -> None:
        recording = any_house.recording()
        any_house.put(recording, BlobRole.PROXY, b"film")
        me = visitor(any_house, recording)
        me.enter()
        me.say(Purpose.TRAINING, "yes")
        owner = any_house.browser(OWNER)
        assert owner.get(f"/api/recordings/{recording}/media").status_code == 200
        any_house.clock.go_on(minutes=1)
        page = me.page("/s/me/stop")
        assert "Er du sikker?" in page
        assert "Ja, slet den Nej, gå tilbage" in page
        answer = me.send("/s/me/stop")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/s/me")
        assert owner.get(f"/api/recordings/{recording}/media").status_code == 403
        assert me.last(Purpose.SUPERVISION).event is Event.WITHDRAWN
        assert me.last(Purpose.TRAINING).event is Event.WITHDRAWN
        assert asked_to_erase(any_house) == [recording]
        assert "Filmen er lukket. Den bliver slettet nu." in me.page()
        me.send("/s/me/stop")
        assert asked_to_erase(any_house) == [recording]

    def test_a_no_that_would_erase_is_asked_once_more(self, any_house: House) -> None:
        recording = any_house.recording()
        me = visitor(any_house, recording)
        me.enter()
        any_house.clock.go_on(minutes=1)
        answer = me.send("/s/me/answer", purpose=Purpose.SUPERVISION, answer="no")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/s/me/stop")
        assert me.last(Purpose.SUPERVISION).event is Event.GIVEN
        assert asked_to_erase(any_house) == []
        assert any_house.permit(recording)
        assert "Er du sikker?" in me.page("/s/me/stop")
        me.send("/s/me/stop")
        assert asked_to_erase(any_house) == [recording]

    def test_a_first_no_needs_no_second_word(self, house: House) -> None:
        me = visitor(house, house.recording(agreed=False))
        me.enter()
        me.say(Purpose.SUPERVISION, "no")
        assert me.last(Purpose.SUPERVISION).event is Event.REFUSED
        assert asked_to_erase(house) == []

    def test_a_custody_holder_stops_too(self, house: House) -> None:
        recording = house.recording()
        me = visitor(house, recording, Role.CUSTODY_HOLDER)
        youth = visitor(house, recording)
        me.enter()
        youth.enter()
        house.clock.go_on(minutes=1)
        me.send("/s/me/stop")
        assert asked_to_erase(house) == [recording]
        assert "Filmen er lukket" in youth.page()
        assert youth.last(Purpose.SUPERVISION).event is Event.GIVEN

    def test_while_a_duty_stands_the_page_does_not_promise_erasure_now(self, house: House) -> None:
        me = visitor(house, house.recording())
        me.enter()
        by = house.people[OWNER].id
        with house.home.transaction() as tx:
            holds.place_hold(tx, me.recording, kind=HoldKind.LEGAL, ground="case", by=by)
        house.clock.go_on(minutes=1)
        me.send("/s/me/stop")
        page = me.page()
        assert "Filmen er lukket." in page
        assert "så snart loven tillader det" in page
        assert "Den bliver slettet nu" not in page

    def test_after_erasure_the_code_shows_that_all_is_gone(self, any_house: House) -> None:
        recording = any_house.recording()
        me = visitor(any_house, recording)
        me.enter()
        any_house.clock.go_on(minutes=1)
        me.send("/s/me/stop")
        with any_house.home.transaction() as tx:
            begin_erasure(tx, recording)
        assert "Den bliver slettet nu" in me.page()
        erase(any_house.home, recording)
        me.enter()
        page = me.page()
        assert "Filmen er slettet" in page
        assert recording in page
        for path in ("/s/me/stop", "/s/me/held"):
            assert "Filmen er slettet" in me.page(path)
        for path in ("/s/me/stop", "/s/me/ask"):
            assert me.browser.post(path, data={"token": "x"}).status_code == 403
        assert me.browser.get("/s/me/held.json").status_code == 303

    def test_a_form_of_another_visit_changes_nothing(self, house: House) -> None:
        recording = house.recording()
        me, other = visitor(house, recording), visitor(house, recording, Role.CUSTODY_HOLDER)
        me.enter()
        other.enter()
        for token in ("", "x", other.token()):
            fields = {"token": token, "purpose": "training", "answer": "yes"}
            assert me.browser.post("/s/me/answer", data=fields).status_code == 403
            assert me.browser.post("/s/me/stop", data={"token": token}).status_code == 403
        cross = me.browser.post(
            "/s/me/stop", data={"token": me.token()}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert cross.status_code == 403
        assert [each.event for each in me.evidence()] == [Event.GIVEN]
        assert asked_to_erase(house) == []

    @pytest.mark.parametrize(
        "fields", [{}, {"purpose": "x", "answer": "yes"}, {"purpose": "research"}]
    )
    def test_an_answer_that_is_none_changes_nothing(
        self, house: House, fields: dict[str, str]
    ) -> None:
        me = visitor(house, house.recording())
        me.enter()
        answer = me.send("/s/me/answer", **fields)
        assert answer.status_code == 400
        assert "Der er ikke ændret noget." in words_of(answer)
        assert len(me.evidence()) == 1

    def test_who_has_no_say_changes_nothing(self, house: House) -> None:
        recording = house.recording()
        me = visitor(house, recording, Role.CUSTODY_HOLDER)
        me.enter()
        token = me.token()
        youth_born(house, recording, date(2000, 3, 1))
        me.browser.post("/s/me/stop", data={"token": token})
        assert asked_to_erase(house) == []

    def test_a_copy_is_asked_for_once_and_told_to_the_caseworker(self, any_house: House) -> None:
        me = visitor(any_house, any_house.recording())
        me.enter()
        for _ in range(2):
            assert me.send("/s/me/ask").headers["Location"] == "/s/me/held"
        assert told(any_house) == [NotificationKind.ACCESS_ASKED]
        with any_house.home.reading() as tx:
            (asked,) = access_asks.open_of(tx, me.recording)
        assert asked.due_on == any_house.clock().date() + timedelta(days=28)
        assert "Du har bedt om en kopi. Du får svar senest den 7. april." in me.page("/s/me/held")

    def test_ones_own_receipt_is_taken_with_a_code_of_its_own(self, house: House) -> None:
        recording = house.recording(agreed=False)
        me = visitor(house, recording)
        me.enter()
        for early in (me.send("/s/me/receipt.pdf"), me.browser.get("/s/me/receipt.jsonld")):
            assert (early.status_code, early.headers["Location"]) == (303, "/s/me")
        me.say(Purpose.RESEARCH, "yes")
        assert "Hent din kvittering (PDF)" in me.page()
        paper = me.send("/s/me/receipt.pdf")
        assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
        data = me.browser.get("/s/me/receipt.jsonld")
        assert data.headers["Content-Type"] == "application/ld+json"
        assert data.json()["@type"] == "dpv:ConsentReceipt"
        assert me.code not in data.text
        assert me.browser.post("/s/me/receipt.pdf", data={"token": "x"}).status_code == 403

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from consent.model import PersonId
from storage import access_asks, consent_codes
from storage.erasure import ERASERS
from storage.errors import NotFound
from storage.records import CodeHolder
from storage.transaction import Transaction
from tests.contract.storage.scene import Site, after

YOUTH, HOLDER = PersonId("youth"), PersonId("holder")


class TestConsentCodes:
    def test_a_code_is_four_groups_of_signs_that_are_not_mistaken(
        self, tx: Transaction, site: Site
    ) -> None:
        recording = site.recording().id
        code = consent_codes.issue(tx, recording, YOUTH, by=site.caseworker.id)
        assert re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code)
        assert consent_codes.holder_of(tx, code) == CodeHolder(recording, YOUTH)

    def test_only_a_digest_is_kept(self, tx: Transaction, site: Site) -> None:
        code = consent_codes.issue(tx, site.recording().id, YOUTH, by=site.caseworker.id)
        rows = tx.session.connection().execute(text("SELECT * FROM consent_codes")).all()
        kept = " ".join(map(str, rows)).upper()
        assert code not in kept
        assert code.replace("-", "") not in kept

    def test_a_code_is_read_as_people_type_it(
        self, tx: Transaction, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        signs = iter("0123 4567 1010 ABCD".replace(" ", ""))
        monkeypatch.setattr("storage.consent_codes.secrets.choice", lambda _: next(signs))
        recording = site.recording().id
        code = consent_codes.issue(tx, recording, YOUTH, by=site.caseworker.id)
        assert code == "0123-4567-1010-ABCD"
        for typed in ("0123456710l0abcd", " o123 4567 IOLo abcd\n", "O123–4567–i010–ABCD"):
            assert consent_codes.holder_of(tx, typed) == CodeHolder(recording, YOUTH)

    @pytest.mark.parametrize("wrong", ["", "0", "0000-0000-0000-0000", "æøå", "x" * 9999, "\ud800"])
    def test_a_wrong_code_opens_nothing(self, tx: Transaction, site: Site, wrong: str) -> None:
        consent_codes.issue(tx, site.recording().id, YOUTH, by=site.caseworker.id)
        assert consent_codes.holder_of(tx, wrong) is None
        assert consent_codes.begin_visit(tx, wrong) is None
        assert consent_codes.go_on(tx, wrong) is None

    def test_a_new_code_leaves_the_one_on_paper_valid_until_all_are_revoked(
        self, tx: Transaction, site: Site
    ) -> None:
        recording = site.recording().id
        codes = [consent_codes.issue(tx, recording, YOUTH, by=site.caseworker.id) for _ in "ab"]
        others = consent_codes.issue(tx, recording, HOLDER, by=site.caseworker.id)
        assert all(consent_codes.holder_of(tx, code) for code in codes)
        visit = consent_codes.begin_visit(tx, codes[0])
        assert visit is not None
        consent_codes.revoke(tx, recording, YOUTH)
        assert not any(consent_codes.holder_of(tx, code) for code in codes)
        assert consent_codes.go_on(tx, visit.token) is None
        assert consent_codes.holder_of(tx, others) == CodeHolder(recording, HOLDER)

    def test_nobody_outside_the_roster_gets_a_code(self, tx: Transaction, site: Site) -> None:
        with pytest.raises(NotFound):
            consent_codes.issue(tx, site.recording().id, PersonId("nobody"), by=site.caseworker.id)

    def test_after_erasure_a_code_opens_a_page_without_a_person(
        self, tx: Transaction, site: Site
    ) -> None:
        recording = site.recording().id
        code = consent_codes.issue(tx, recording, YOUTH, by=site.caseworker.id)
        ERASERS["consent_codes"](tx, recording)
        tx.session.expire_all()
        assert consent_codes.holder_of(tx, code) == CodeHolder(recording, None)

    def test_a_visit_goes_on_while_it_is_used_and_ends_by_itself(
        self, tx: Transaction, site: Site
    ) -> None:
        recording = site.recording().id
        code = consent_codes.issue(tx, recording, YOUTH, by=site.caseworker.id)
        visit = consent_codes.begin_visit(tx, code)
        assert visit is not None
        assert visit.holder == CodeHolder(recording, YOUTH)
        assert code.replace("-", "") not in visit.token
        soon = consent_codes.go_on(after(tx, minutes=14), visit.token)
        assert soon is not None
        assert soon.form_token == visit.form_token
        assert consent_codes.go_on(after(tx, minutes=15), visit.token) is None
        assert consent_codes.go_on(after(tx, minutes=28), soon.token) is not None

    def test_no_sign_of_a_visit_can_be_changed(self, tx: Transaction, site: Site) -> None:
        code = consent_codes.issue(tx, site.recording().id, YOUTH, by=site.caseworker.id)
        visit = consent_codes.begin_visit(tx, code)
        assert visit is not None
        for at, sign in enumerate(visit.token):
            other = "1" if sign != "1" else "2"
            forged = visit.token[:at] + other + visit.token[at + 1 :]
            assert consent_codes.go_on(tx, forged) is None

    def test_a_form_belongs_to_its_visit(self, tx: Transaction, site: Site) -> None:
        code = consent_codes.issue(tx, site.recording().id, YOUTH, by=site.caseworker.id)
        one, other = (consent_codes.begin_visit(tx, code) for _ in "ab")
        assert one is not None
        assert other is not None
        assert consent_codes.is_of_visit(one, one.form_token)
        assert not consent_codes.is_of_visit(one, other.form_token)
        assert not consent_codes.is_of_visit(one, "\ud800æ")


class TestAccessAsks:
    def test_what_is_asked_stays_open_until_it_is_answered(
        self, tx: Transaction, site: Site
    ) -> None:
        recording = site.recording().id
        due = date(2026, 4, 9)
        asked = access_asks.ask(tx, recording, YOUTH, due_on=due)
        later = replace(tx, at=tx.at + timedelta(days=2))
        assert access_asks.ask(later, recording, YOUTH, due_on=date(2026, 5, 1)) == asked
        other = access_asks.ask(later, recording, HOLDER, due_on=due)
        assert access_asks.open_of(tx, recording) == (asked, other)
        answered = access_asks.answer(later, asked.id, by=site.caseworker.id)
        assert (answered.answered_at, answered.answered_by) == (later.at, site.caseworker.id)
        assert access_asks.answer(tx, asked.id, by=site.supervisor.id) == answered
        assert access_asks.open_of(tx, recording) == (other,)

    def test_nobody_outside_the_roster_asks(self, tx: Transaction, site: Site) -> None:
        with pytest.raises(NotFound):
            access_asks.ask(tx, site.recording().id, PersonId("nobody"), due_on=date(2026, 4, 9))

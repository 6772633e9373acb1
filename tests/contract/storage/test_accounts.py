from datetime import timedelta

import pytest

from storage import accounts
from storage.errors import LoginTaken, NotFound
from storage.records import UserId, UserRole
from storage.transaction import Transaction
from tests.contract.storage.scene import NOW, Site, after

HOURS_8 = NOW + timedelta(hours=8)


class TestAccounts:
    def test_an_account_is_found_by_id_and_by_login(self, tx: Transaction, site: Site) -> None:
        assert accounts.user(tx, site.caseworker.id) == site.caseworker
        assert accounts.user_by_login(tx, "carla") == (site.caseworker, "hash")
        assert accounts.user_by_login(tx, "nobody") is None
        assert site.caseworker.role is UserRole.CASEWORKER

    def test_a_login_belongs_to_one_account(self, tx: Transaction, site: Site) -> None:
        with pytest.raises(LoginTaken) as refusal:
            accounts.add_user(
                tx,
                login=site.caseworker.login,
                name="Another",
                role=UserRole.CASEWORKER,
                password_hash="",
                language="sv",
            )
        assert "carla" not in str(refusal.value)
        assert accounts.user(tx, site.caseworker.id).name == "Carla"

    def test_names_are_given_for_the_ids_that_exist(self, tx: Transaction, site: Site) -> None:
        asked = [site.caseworker.id, site.supervisor.id, UserId("nobody")]
        assert accounts.people_named(tx, asked) == {
            site.caseworker.id: site.caseworker,
            site.supervisor.id: site.supervisor,
        }
        assert accounts.people_named(tx, []) == {}

    def test_an_unknown_account_is_not_found(self, tx: Transaction) -> None:
        with pytest.raises(NotFound):
            accounts.user(tx, UserId("nobody"))


class TestSessions:
    def test_a_browser_stays_signed_in_while_it_is_used(self, tx: Transaction, site: Site) -> None:
        accounts.open_session(tx, site.caseworker.id, token_hash="t", expires_at=HOURS_8)
        for minutes in (0, 25, 50, 75):
            now = after(tx, minutes=minutes)
            used = accounts.session_user(now, "t", idle_s=1800)
            assert accounts.use_is_worth_noting(now, "t", idle_s=1800) == (minutes > 0)
            accounts.note_use(now, "t")
            assert not accounts.use_is_worth_noting(now, "t", idle_s=1800)
            assert used == site.caseworker

    def test_an_idle_browser_is_signed_out(self, tx: Transaction, site: Site) -> None:
        accounts.open_session(tx, site.caseworker.id, token_hash="t", expires_at=HOURS_8)
        assert accounts.session_user(after(tx, minutes=30), "t", idle_s=1800) is None

    def test_everyone_has_a_hand_of_their_own(self, tx: Transaction, site: Site) -> None:
        accounts.choose_timing(tx, site.caseworker.id, reaction_ms=600, pre_roll_ms=2_000)
        mine, other = (accounts.user(tx, who.id) for who in (site.caseworker, site.supervisor))
        assert (mine.reaction_ms, mine.pre_roll_ms) == (600, 2_000)
        assert (other.reaction_ms, other.pre_roll_ms) == (400, 0)

    def test_a_browser_is_signed_out_at_its_end_in_any_case(
        self, tx: Transaction, site: Site
    ) -> None:
        accounts.open_session(tx, site.caseworker.id, token_hash="t", expires_at=HOURS_8)
        assert accounts.session_user(after(tx, hours=8), "t", idle_s=10**6) is None

    def test_signing_out_ends_one_browser_only(self, tx: Transaction, site: Site) -> None:
        for token in ("one", "two"):
            accounts.open_session(tx, site.caseworker.id, token_hash=token, expires_at=HOURS_8)
        accounts.close_session(tx, "one")
        assert accounts.session_user(tx, "one", idle_s=1800) is None
        assert accounts.session_user(tx, "two", idle_s=1800) == site.caseworker

    def test_signing_in_clears_away_what_has_expired(self, tx: Transaction, site: Site) -> None:
        accounts.open_session(tx, site.caseworker.id, token_hash="old", expires_at=NOW)
        accounts.open_session(tx, site.caseworker.id, token_hash="new", expires_at=HOURS_8)
        accounts.open_session(tx, site.caseworker.id, token_hash="old", expires_at=HOURS_8)

    def test_a_closed_account_is_signed_out_and_cannot_sign_in(
        self, tx: Transaction, site: Site
    ) -> None:
        accounts.open_session(tx, site.caseworker.id, token_hash="t", expires_at=HOURS_8)
        accounts.close_account(tx, site.caseworker.id)
        accounts.open_session(tx, site.caseworker.id, token_hash="u", expires_at=HOURS_8)
        assert accounts.session_user(tx, "t", idle_s=1800) is None
        assert accounts.session_user(tx, "u", idle_s=1800) is None
        assert accounts.user_by_login(tx, "carla") is None
        assert accounts.user(tx, site.caseworker.id) == site.caseworker

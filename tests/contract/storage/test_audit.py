from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage import audit
from storage.errors import BrokenChain, NotPlain
from storage.transaction import Transaction
from tests.contract.storage.scene import NOW

Tamper = Callable[[str], None]


@pytest.fixture
def three(tx: Transaction) -> None:
    for place in (1, 2, 3):
        detail = {"place": place, "of": "abc"}
        audit.append(tx, actor="u1", action="view", subject=f"r{place}", detail=detail)


@pytest.fixture
def tamper(tx: Transaction) -> Tamper:
    """Give what an owner of the database can do who lifts the triggers first."""

    def tamper(sql: str) -> None:
        connection = tx.session.connection()
        if connection.dialect.name == "sqlite":
            for name in ("audit_unchanged", "audit_kept"):
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        connection.exec_driver_sql(sql)
        tx.session.expire_all()

    return tamper


@pytest.mark.usefixtures("three")
class TestAudit:
    def test_an_untouched_log_is_sound(self, tx: Transaction) -> None:
        assert audit.verify(tx) == 3
        [entry] = audit.entries_about(tx, "r2")
        assert (entry.seq, entry.at, entry.actor, entry.action) == (2, NOW, "u1", "view")
        assert entry.detail == {"place": 2, "of": "abc"}

    def test_an_empty_detail_is_enough(self, tx: Transaction) -> None:
        assert audit.append(tx, actor="u1", action="sign_in", subject="u1") == 4
        tx.session.expire_all()
        assert audit.verify(tx) == 4

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE audit SET actor = 'u2' WHERE seq = 2",
            "DELETE FROM audit WHERE seq = 2",
            "DELETE FROM audit",
            """
            INSERT INTO audit SELECT 9, at, actor, action, subject, detail, previous, mac
            FROM audit WHERE seq = 3
            """,
            "INSERT INTO audit SELECT * FROM audit WHERE seq = 2",
        ],
    )
    def test_the_database_refuses_to_change_it(self, tx: Transaction, sql: str) -> None:
        with pytest.raises(IntegrityError), tx.session.begin_nested():
            tx.session.connection().execute(text(sql))
        assert audit.verify(tx) == 3

    @pytest.mark.parametrize(
        ("sql", "seq"),
        [
            ("UPDATE audit SET actor = 'u2' WHERE seq = 2", 2),
            ('UPDATE audit SET detail = \'{"of":"abc","place":9}\' WHERE seq = 1', 1),
            ("UPDATE audit SET mac = 'aa' WHERE seq = 3", 3),
            ("DELETE FROM audit WHERE seq = 1", 1),
            ("DELETE FROM audit WHERE seq = 2", 2),
        ],
    )
    def test_who_gets_around_that_breaks_the_chain(
        self, tx: Transaction, tamper: Tamper, sql: str, seq: int
    ) -> None:
        tamper(sql)
        with pytest.raises(BrokenChain) as broken:
            audit.verify(tx)
        assert broken.value.seq == seq

    @pytest.mark.parametrize(
        ("actor", "subject", "detail"),
        [
            ("Anna Jensen", "r1", {}),
            ("u1", "jeg vil hjem", {}),
            ("u1", "r1", {"why": "he said so"}),
            ("u1", "r1", {"name": "Søren"}),
            ("u1", "r1", {"long": "x" * 65}),
            ("u1", "r1", {"a name here": 1}),
            ("u1", "r1", {"line": "a\n"}),
        ],
    )
    def test_neither_names_nor_speech_get_in(
        self, tx: Transaction, actor: str, subject: str, detail: dict[str, int | str]
    ) -> None:
        with pytest.raises(NotPlain) as refusal:
            audit.append(tx, actor=actor, action="view", subject=subject, detail=detail)
        said = str(refusal.value)
        assert not any(str(word) in said for word in (actor, *detail.values()) if word != "u1")
        assert audit.verify(tx) == 3

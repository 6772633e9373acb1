"""Triggers: the audit log and the answers are only added to, and what is erased stays so."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

HOLDINGS = (
    "participants",
    "evidence",
    "uploads",
    "blobs",
    "stage_runs",
    "transcripts",
    "segments",
    "tags",
    "sequences",
    "answers",
    "notes",
    "cycles",
    "minutes",
    "rooms",
    "drafts",
)
KEPT_WHOLE = ("audit", "evidence", "deletions")
NEXT_SEQ = "(SELECT coalesce(max(seq), 0) + 1 FROM audit)"
ERASED = "EXISTS (SELECT 1 FROM deletions WHERE recording = {row}.recording)"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in sqlite_triggers():
            op.execute(statement)
    else:
        for statement in postgresql_triggers():
            op.execute(statement)


def sqlite_triggers() -> list[str]:
    def trigger(name: str, event: str, message: str, *, when: str = "TRUE") -> str:
        return (
            f"CREATE TRIGGER {name} BEFORE {event} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )

    erased = ERASED.format(row="OLD")
    fresh = ERASED.format(row="NEW")
    taken = "EXISTS (SELECT 1 FROM evidence WHERE id = NEW.id)"
    return [
        trigger("audit_unchanged", "UPDATE ON audit", "audit is append-only"),
        trigger("audit_kept", "DELETE ON audit", "audit is append-only"),
        trigger(
            "audit_in_order",
            "INSERT ON audit",
            "audit is append-only",
            when=f"NEW.seq <> {NEXT_SEQ}",
        ),
        trigger("evidence_unchanged", "UPDATE ON evidence", "evidence is append-only"),
        trigger(
            "evidence_kept", "DELETE ON evidence", "evidence is append-only", when=f"NOT {erased}"
        ),
        trigger("evidence_new", "INSERT ON evidence", "evidence is append-only", when=taken),
        trigger("deletions_kept", "DELETE ON deletions", "deletions are kept"),
        *(
            trigger(f"{table}_erased", f"INSERT ON {table}", "recording is erased", when=fresh)
            for table in HOLDINGS
        ),
    ]


def postgresql_triggers() -> list[str]:
    erased = ERASED.format(row="OLD")
    fresh = ERASED.format(row="NEW")
    return [
        """
        CREATE FUNCTION samspil_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """,
        f"""
        CREATE FUNCTION samspil_audit_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.seq <> {NEXT_SEQ} THEN
                RAISE EXCEPTION 'audit is append-only'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """,
        f"""
        CREATE FUNCTION samspil_evidence_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT {erased} THEN
                RAISE EXCEPTION 'evidence is append-only'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN OLD;
        END $$
        """,
        f"""
        CREATE FUNCTION samspil_not_erased() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF {fresh} THEN
                RAISE EXCEPTION 'recording is erased'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """,
        _each_row("audit_unchanged", "UPDATE OR DELETE ON audit", "refuse('audit is append-only')"),
        _each_row("audit_in_order", "INSERT ON audit", "audit_in_order()"),
        _each_row("evidence_unchanged", "UPDATE ON evidence", "refuse('evidence is append-only')"),
        _each_row("evidence_kept", "DELETE ON evidence", "evidence_kept()"),
        _each_row("deletions_kept", "DELETE ON deletions", "refuse('deletions are kept')"),
        *(
            f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} "
            f"EXECUTE FUNCTION samspil_refuse('{table} is kept whole')"
            for table in KEPT_WHOLE
        ),
        *(_each_row(f"{table}_erased", f"INSERT ON {table}", "not_erased()") for table in HOLDINGS),
    ]


def _each_row(name: str, event: str, function: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW EXECUTE FUNCTION samspil_{function}"


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in sqlite_triggers():
            op.execute(f"DROP TRIGGER {statement.split()[2]}")
    else:
        for function in ("refuse", "audit_in_order", "evidence_kept", "not_erased"):
            op.execute(f"DROP FUNCTION samspil_{function}() CASCADE")

"""Fuller evidence, codes to the consent page, holds, concerns, emergency access, notifications."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

HOLDINGS = (
    "evidence_scans",
    "consent_codes",
    "access_asks",
    "holds",
    "concerns",
    "concern_steps",
    "break_glass",
    "notifications",
)
ADDED = (
    ("participants", sa.Column("ground", sa.String(), nullable=False, server_default="")),
    ("evidence", sa.Column("place", sa.String(), nullable=False, server_default="office")),
    ("evidence", sa.Column("written_by", sa.String(), nullable=False, server_default="")),
    ("courses", sa.Column("leader", sa.String(), nullable=True)),
    ("deletions", sa.Column("because", sa.String(), nullable=False, server_default="withdrawal")),
    ("deletions", sa.Column("keys_rotated_at", sa.DateTime(timezone=True), nullable=True)),
)
ERASED = "EXISTS (SELECT 1 FROM deletions WHERE recording = NEW.recording)"


def upgrade() -> None:
    for table, column in ADDED:
        op.add_column(table, column)
    _create_tables()
    if op.get_bind().dialect.name == "sqlite":
        for statement in sqlite_triggers():
            op.execute(statement)
    else:
        for statement in postgresql_triggers():
            op.execute(statement)


def _create_tables() -> None:
    moment = sa.DateTime(timezone=True)
    _create(
        "evidence_scans",
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("blob", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        key="evidence",
    )
    _create(
        "consent_codes",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("revoked_at", moment, nullable=True),
        key="digest",
    )
    _create(
        "access_asks",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_at", moment, nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
    )
    _create(
        "holds",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("placed_at", moment, nullable=False),
        sa.Column("placed_by", sa.String(), nullable=False),
        sa.Column("lifted_at", moment, nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=True),
    )
    _create(
        "concerns",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("raised_at", moment, nullable=False),
        sa.Column("raised_by", sa.String(), nullable=False),
        sa.Column("leader", sa.String(), nullable=False),
        sa.Column("hold", sa.String(), nullable=False),
        sa.Column("at_ms", sa.Integer(), nullable=True),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=True),
        sa.Column("closed_at", moment, nullable=True),
    )
    _create(
        "concern_steps",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("concern", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
    )
    op.create_index("ix_concern_steps_concern", "concern_steps", ["concern"])
    _create(
        "break_glass",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=False),
        sa.Column("approved_at", moment, nullable=True),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("ends_at", moment, nullable=True),
    )
    _create(
        "notifications",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("read_at", moment, nullable=True),
    )
    op.create_index("ix_notifications_user", "notifications", ["user"])


def _create(name: str, *columns: sa.Column[object], key: str = "id") -> None:
    """Create a holding: a table about recordings, found by them."""
    op.create_table(
        name,
        *columns,
        sa.Column("recording", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name=f"fk_{name}_recording"),
        sa.PrimaryKeyConstraint(key, name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_recording", name, ["recording"])


def sqlite_triggers() -> list[str]:
    def trigger(name: str, event: str, message: str, *, when: str = "TRUE") -> str:
        return (
            f"CREATE TRIGGER {name} BEFORE {event} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )

    return [
        trigger("scans_unchanged", "UPDATE ON evidence_scans", "evidence is append-only"),
        *(
            trigger(f"{table}_erased", f"INSERT ON {table}", "recording is erased", when=ERASED)
            for table in HOLDINGS
        ),
    ]


def postgresql_triggers() -> list[str]:
    def trigger(name: str, event: str, function: str) -> str:
        return (
            f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW EXECUTE FUNCTION samspil_{function}"
        )

    return [
        trigger("scans_unchanged", "UPDATE ON evidence_scans", "refuse('evidence is append-only')"),
        *(trigger(f"{table}_erased", f"INSERT ON {table}", "not_erased()") for table in HOLDINGS),
    ]


def downgrade() -> None:
    for table in reversed(HOLDINGS):
        op.drop_table(table)
    for table, column in ADDED:
        op.drop_column(table, column.name)

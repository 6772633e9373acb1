"""Corrections of the text: only added to, and gone with their recording."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ERASED = "EXISTS (SELECT 1 FROM deletions WHERE recording = {row}.recording)"


def upgrade() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name="fk_corrections_recording"),
        sa.PrimaryKeyConstraint("id", name="pk_corrections"),
        sa.UniqueConstraint("recording", "revision", name="uq_corrections_recording_revision"),
    )
    op.create_index("ix_corrections_recording", "corrections", ["recording"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in sqlite_triggers() if sqlite else postgresql_triggers():
        op.execute(statement)


def sqlite_triggers() -> list[str]:
    def trigger(name: str, event: str, message: str, *, when: str = "TRUE") -> str:
        return (
            f"CREATE TRIGGER {name} BEFORE {event} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )

    kept = f"NOT {ERASED.format(row='OLD')}"
    fresh = ERASED.format(row="NEW")
    return [
        trigger("corrections_unchanged", "UPDATE ON corrections", "corrections are append-only"),
        trigger(
            "corrections_kept", "DELETE ON corrections", "corrections are append-only", when=kept
        ),
        trigger("corrections_erased", "INSERT ON corrections", "recording is erased", when=fresh),
    ]


def postgresql_triggers() -> list[str]:
    def trigger(name: str, event: str, function: str) -> str:
        return (
            f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW EXECUTE FUNCTION samspil_{function}"
        )

    return [
        f"""
        CREATE FUNCTION samspil_corrections_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NOT {ERASED.format(row="OLD")} THEN
                RAISE EXCEPTION 'corrections are append-only'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN OLD;
        END $$
        """,
        trigger(
            "corrections_unchanged",
            "UPDATE ON corrections",
            "refuse('corrections are append-only')",
        ),
        trigger("corrections_kept", "DELETE ON corrections", "corrections_kept()"),
        trigger("corrections_erased", "INSERT ON corrections", "not_erased()"),
    ]


def downgrade() -> None:
    op.drop_table("corrections")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION samspil_corrections_kept()")

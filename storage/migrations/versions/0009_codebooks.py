"""The site's own codebooks and words, and the corrections that a marked stretch was begun with."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


TABLES = ("codebooks", "vocabularies")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "codebooks",
        sa.Column("codebook", sa.String(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("table_json", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("codebook", "edition", name="pk_codebooks"),
    )
    op.create_table(
        "vocabularies",
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("language", "edition", name="pk_vocabularies"),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in TABLES:
        for event in ("UPDATE", "DELETE"):
            op.execute(_refusal(table, event, sqlite=sqlite))
    op.add_column(
        "codings",
        sa.Column("text_revision", sa.Integer(), nullable=False, server_default="0"),
    )
    op.execute(
        "UPDATE codings SET text_revision = COALESCE((SELECT MAX(corrections.revision)"
        " FROM corrections WHERE corrections.recording = codings.recording"
        " AND corrections.at <= codings.begun_at), 0)"
    )


def downgrade() -> None:
    op.drop_column("codings", "text_revision")
    for table in TABLES:
        op.drop_table(table)


def _refusal(table: str, event: str, *, sqlite: bool) -> str:
    """Return what keeps every edition as it was made."""
    message = f"{table} are append-only"
    begin = f"CREATE TRIGGER {table}_{event.lower()} BEFORE {event} ON {table}"
    if sqlite:
        return f"{begin} BEGIN SELECT RAISE(ABORT, '{message}'); END"
    return f"{begin} FOR EACH ROW EXECUTE FUNCTION samspil_refuse('{message}')"

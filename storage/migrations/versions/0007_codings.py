"""Stretches that two people mark on their own, and what each has marked."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

HOLDINGS = ("codings", "coding_sheets")
ERASED = "EXISTS (SELECT 1 FROM deletions WHERE recording = NEW.recording)"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    _create(
        "codings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("codebook", sa.String(), nullable=False),
        sa.Column("codes", document, nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=False),
        sa.Column("end_ms", sa.Integer(), nullable=False),
        sa.Column("begun_by", sa.String(), nullable=False),
        sa.Column("begun_at", moment, nullable=False),
        keys=("id",),
    )
    _create(
        "coding_sheets",
        sa.Column("coding", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("finished_at", moment, nullable=True),
        sa.Column("sealed_marks", sa.LargeBinary(), nullable=False),
        keys=("coding", "by"),
    )
    for table in HOLDINGS:
        op.execute(_trigger(table))


def _create(name: str, *columns: sa.Column[object], keys: tuple[str, ...]) -> None:
    """Create a holding: a table about recordings, found by them."""
    op.create_table(
        name,
        *columns,
        sa.Column("recording", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name=f"fk_{name}_recording"),
        sa.PrimaryKeyConstraint(*keys, name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_recording", name, ["recording"])


def _trigger(table: str) -> str:
    """Return what refuses rows about what is erased."""
    begin = f"CREATE TRIGGER {table}_erased BEFORE INSERT ON {table}"
    if op.get_bind().dialect.name == "sqlite":
        return f"{begin} WHEN {ERASED} BEGIN SELECT RAISE(ABORT, 'recording is erased'); END"
    return f"{begin} FOR EACH ROW EXECUTE FUNCTION samspil_not_erased()"


def downgrade() -> None:
    for table in reversed(HOLDINGS):
        op.drop_table(table)

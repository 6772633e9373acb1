"""The caseworker's own goals, the hour of a joint review, and the hand that marks."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ERASED = "EXISTS (SELECT 1 FROM deletions WHERE recording = NEW.recording)"
ADDED = (
    ("cycles", sa.Column("meeting_minutes", sa.Integer(), nullable=True)),
    ("cycles", sa.Column("meeting_revision", sa.Integer(), nullable=False, server_default="0")),
    ("cycles", sa.Column("meeting_called_off", sa.DateTime(timezone=True), nullable=True)),
    ("users", sa.Column("reaction_ms", sa.Integer(), nullable=False, server_default="400")),
    ("users", sa.Column("pre_roll_ms", sa.Integer(), nullable=False, server_default="0")),
)


def upgrade() -> None:
    for table, column in ADDED:
        op.add_column(table, column)
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "goals",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("course", sa.String(), nullable=False),
        sa.Column("written_at", moment, nullable=False),
        sa.Column("closed_at", moment, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["course"], ["courses.id"], name="fk_goals_course"),
        sa.PrimaryKeyConstraint("id", name="pk_goals"),
    )
    op.create_index("ix_goals_course", "goals", ["course"])
    op.create_table(
        "goal_looks",
        sa.Column("goal", sa.String(), nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name="fk_goal_looks_recording"),
        sa.PrimaryKeyConstraint("goal", "recording", name="pk_goal_looks"),
    )
    op.create_index("ix_goal_looks_recording", "goal_looks", ["recording"])
    op.execute(_trigger("goal_looks"))


def _trigger(table: str) -> str:
    """Return what refuses rows about what is erased."""
    begin = f"CREATE TRIGGER {table}_erased BEFORE INSERT ON {table}"
    if op.get_bind().dialect.name == "sqlite":
        return f"{begin} WHEN {ERASED} BEGIN SELECT RAISE(ABORT, 'recording is erased'); END"
    return f"{begin} FOR EACH ROW EXECUTE FUNCTION samspil_not_erased()"


def downgrade() -> None:
    op.drop_table("goal_looks")
    op.drop_table("goals")
    for table, column in reversed(ADDED):
        op.drop_column(table, column.name)

"""What judged suggestions teach, one row for each, gone with their recording."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ERASED = "EXISTS (SELECT 1 FROM deletions WHERE recording = NEW.recording)"


def upgrade() -> None:
    op.create_table(
        "lessons",
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("layout", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_traits", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name="fk_lessons_recording"),
        sa.PrimaryKeyConstraint("tag", name="pk_lessons"),
    )
    op.create_index("ix_lessons_recording", "lessons", ["recording"])
    begin = "CREATE TRIGGER lessons_erased BEFORE INSERT ON lessons"
    if op.get_bind().dialect.name == "sqlite":
        refuse = "BEGIN SELECT RAISE(ABORT, 'recording is erased'); END"
        op.execute(f"{begin} WHEN {ERASED} {refuse}")
    else:
        op.execute(f"{begin} FOR EACH ROW EXECUTE FUNCTION samspil_not_erased()")


def downgrade() -> None:
    op.drop_table("lessons")

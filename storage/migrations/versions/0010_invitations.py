"""Colleagues who are invited to the meeting about a recording."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ERASED = "EXISTS (SELECT 1 FROM deletions WHERE recording = NEW.recording)"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "invitations",
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("guest", sa.String(), nullable=False),
        sa.Column("invited_at", moment, nullable=False),
        sa.Column("invited_by", sa.String(), nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name="fk_invitations_recording"),
        sa.PrimaryKeyConstraint("recording", "guest", name="pk_invitations"),
    )
    op.create_index("ix_invitations_recording", "invitations", ["recording"])
    op.execute(_trigger())


def _trigger() -> str:
    """Return what refuses rows about what is erased."""
    begin = "CREATE TRIGGER invitations_erased BEFORE INSERT ON invitations"
    if op.get_bind().dialect.name == "sqlite":
        return f"{begin} WHEN {ERASED} BEGIN SELECT RAISE(ABORT, 'recording is erased'); END"
    return f"{begin} FOR EACH ROW EXECUTE FUNCTION samspil_not_erased()"


def downgrade() -> None:
    op.drop_table("invitations")

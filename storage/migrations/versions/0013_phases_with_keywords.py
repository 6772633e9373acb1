"""Phases are suggested together with keywords: runs of their own stage are forgotten."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM stage_runs WHERE stage = 'segment'")


def downgrade() -> None:
    """Nothing to bring back: an earlier version runs the stage again."""

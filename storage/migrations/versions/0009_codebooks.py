"""The site's own codebooks and words, and the corrections that a marked stretch was begun with."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
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

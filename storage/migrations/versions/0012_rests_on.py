"""Which note of what was seen an interpretation rests on."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notes", sa.Column("rests_on", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("notes", "rests_on")

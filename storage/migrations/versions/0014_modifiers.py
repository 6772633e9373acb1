"""What tells a keyword apart from others of its kind."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tags", sa.Column("modifier", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("tags", "modifier")

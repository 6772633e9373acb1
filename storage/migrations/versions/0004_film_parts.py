"""The several files that one film may arrive in."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ERASED = "EXISTS (SELECT 1 FROM deletions WHERE recording = NEW.recording)"


def upgrade() -> None:
    op.create_table(
        "film_parts",
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("blob", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name="fk_film_parts_recording"),
        sa.PrimaryKeyConstraint("recording", "id", name="pk_film_parts"),
    )
    op.add_column("uploads", sa.Column("part", sa.String(), nullable=False, server_default=""))
    # Films on their way in go on: each is its recording's only file.
    op.execute(
        "INSERT INTO film_parts (recording, id, place, kind) "
        "SELECT DISTINCT recording, '', 0, 'camera' FROM uploads"
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER film_parts_erased BEFORE INSERT ON film_parts WHEN {ERASED} "
            "BEGIN SELECT RAISE(ABORT, 'recording is erased'); END"
        )
    else:
        op.execute(
            "CREATE TRIGGER film_parts_erased BEFORE INSERT ON film_parts "
            "FOR EACH ROW EXECUTE FUNCTION samspil_not_erased()"
        )


def downgrade() -> None:
    op.drop_column("uploads", "part")
    op.drop_table("film_parts")

"""Training copies: what is asked for, made, and waiting to be fetched."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ERASED = "EXISTS (SELECT 1 FROM deletions WHERE recording = NEW.recording)"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "training_copies",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("sequence", sa.String(), nullable=True),
        sa.Column("start_ms", sa.Integer(), nullable=False),
        sa.Column("end_ms", sa.Integer(), nullable=False),
        sa.Column("voice", sa.String(), nullable=False),
        sa.Column("sealed_mark", sa.LargeBinary(), nullable=False),
        sa.Column("ends_at", moment, nullable=False),
        sa.Column("fraction", sa.Float(), nullable=False),
        sa.Column("made_at", moment, nullable=True),
        sa.Column("fetched_at", moment, nullable=True),
        sa.Column("blob", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["recording"], ["recordings.id"], name="fk_training_copies_recording"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_training_copies"),
    )
    op.create_index("ix_training_copies_recording", "training_copies", ["recording"])
    if op.get_bind().dialect.name == "sqlite":
        body = f"WHEN {ERASED} BEGIN SELECT RAISE(ABORT, 'recording is erased'); END"
    else:
        body = "FOR EACH ROW EXECUTE FUNCTION samspil_not_erased()"
    op.execute(f"CREATE TRIGGER training_copies_erased BEFORE INSERT ON training_copies {body}")


def downgrade() -> None:
    op.drop_table("training_copies")

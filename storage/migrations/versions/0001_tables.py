"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    document = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("detail", document, nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("mac", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
    )
    op.create_table(
        "deletions",
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("key_destroyed_at", moment, nullable=True),
        sa.Column("completed_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("recording", name="pk_deletions"),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("login", name="uq_users_login"),
    )
    op.create_table(
        "workers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("seen_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workers"),
    )

    op.create_table(
        "courses",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("caseworker", sa.String(), nullable=False),
        sa.Column("supervisor", sa.String(), nullable=False),
        sa.Column("coordinator", sa.String(), nullable=True),
        sa.Column("package", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["caseworker"], ["users.id"], name="fk_courses_caseworker"),
        sa.ForeignKeyConstraint(["coordinator"], ["users.id"], name="fk_courses_coordinator"),
        sa.ForeignKeyConstraint(["supervisor"], ["users.id"], name="fk_courses_supervisor"),
        sa.PrimaryKeyConstraint("id", name="pk_courses"),
    )
    op.create_index("ix_courses_caseworker", "courses", ["caseworker"])
    op.create_index("ix_courses_coordinator", "courses", ["coordinator"])
    op.create_index("ix_courses_supervisor", "courses", ["supervisor"])

    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("opened_at", moment, nullable=False),
        sa.Column("seen_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name="fk_sessions_user"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_user", "sessions", ["user"])

    op.create_table(
        "recordings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("course", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("youth_letter", sa.String(), nullable=False),
        sa.Column("recorded_at", moment, nullable=False),
        sa.Column("jurisdiction", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("speakers", sa.Integer(), nullable=False),
        sa.Column("sound", sa.String(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("received_at", moment, nullable=True),
        sa.Column("fingerprint", sa.String(), nullable=True),
        sa.Column("erase_after", sa.Date(), nullable=True),
        sa.Column("erased_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["course"], ["courses.id"], name="fk_recordings_course"),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name="fk_recordings_owner"),
        sa.PrimaryKeyConstraint("id", name="pk_recordings"),
        sa.UniqueConstraint("course", "number", name="uq_recordings_course_number"),
    )
    op.create_index("ix_recordings_course", "recordings", ["course"])
    op.create_index("ix_recordings_fingerprint", "recordings", ["fingerprint"])
    op.create_index("ix_recordings_owner", "recordings", ["owner"])

    op.create_table(
        "answers",
        sa.Column("sequence", sa.String(), nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name="fk_answers_recording"),
        sa.PrimaryKeyConstraint("sequence", name="pk_answers"),
    )
    op.create_index("ix_answers_recording", "answers", ["recording"])

    op.create_table(
        "blobs",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("stored_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name="fk_blobs_recording"),
        sa.PrimaryKeyConstraint("key", name="pk_blobs"),
    )
    op.create_index("ix_blobs_recording", "blobs", ["recording"])

    op.create_table(
        "cycles",
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("sealed_wish", sa.LargeBinary(), nullable=True),
        sa.Column("released_at", moment, nullable=True),
        sa.Column("answers_sent_at", moment, nullable=True),
        sa.Column("meeting_at", moment, nullable=True),
        sa.Column("meeting_ended_at", moment, nullable=True),
        sa.Column("camera_cleared_at", moment, nullable=True),
        sa.Column("approved_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name="fk_cycles_recording"),
        sa.PrimaryKeyConstraint("recording", name="pk_cycles"),
    )
    op.create_table(
        "drafts",
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("saved_at", moment, nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name="fk_drafts_recording"),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name="fk_drafts_user"),
        sa.PrimaryKeyConstraint("user", "recording", "field", name="pk_drafts"),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("scope", document, nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("notice", sa.String(), nullable=False),
        sa.Column("spoken_at_ms", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name="fk_evidence_recording"),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
    )
    op.create_index("ix_evidence_recording", "evidence", ["recording"])

    op.create_table(
        "minutes",
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("caseworker_signed_at", moment, nullable=True),
        sa.Column("supervisor_signed_at", moment, nullable=True),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name="fk_minutes_recording"),
        sa.PrimaryKeyConstraint("recording", name="pk_minutes"),
    )
    op.create_table(
        "notes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at_ms", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("visibility", sa.String(), nullable=False),
        sa.Column("written_at", moment, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.String(), nullable=True),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name="fk_notes_recording"),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
    )
    op.create_index("ix_notes_recording", "notes", ["recording"])

    op.create_table(
        "participants",
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("sealed_birth_date", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name="fk_participants_recording"),
        sa.PrimaryKeyConstraint("recording", "person", name="pk_participants"),
    )
    op.create_table(
        "requests",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("picked_at", moment, nullable=True),
        sa.Column("done_at", moment, nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name="fk_requests_recording"),
        sa.PrimaryKeyConstraint("id", name="pk_requests"),
    )
    op.create_index("ix_requests_recording", "requests", ["recording"])
    op.create_index(
        "uq_requests_waiting",
        "requests",
        ["kind", "recording"],
        unique=True,
        sqlite_where=sa.text("picked_at IS NULL"),
        postgresql_where=sa.text("picked_at IS NULL"),
    )

    op.create_table(
        "rooms",
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("state", document, nullable=False),
        sa.Column("saved_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name="fk_rooms_recording"),
        sa.PrimaryKeyConstraint("recording", name="pk_rooms"),
    )
    op.create_table(
        "segments",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=False),
        sa.Column("end_ms", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name="fk_segments_recording"),
        sa.PrimaryKeyConstraint("id", name="pk_segments"),
    )
    op.create_index("ix_segments_recording", "segments", ["recording"])

    op.create_table(
        "sequences",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=False),
        sa.Column("end_ms", sa.Integer(), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("context_ms", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name="fk_sequences_recording"),
        sa.PrimaryKeyConstraint("id", name="pk_sequences"),
    )
    op.create_index("ix_sequences_recording", "sequences", ["recording"])

    op.create_table(
        "stage_runs",
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("fraction", sa.Float(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("peak_mib", sa.Float(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name="fk_stage_runs_recording"),
        sa.PrimaryKeyConstraint("recording", "stage", name="pk_stage_runs"),
    )
    op.create_table(
        "tags",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("codebook", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=False),
        sa.Column("end_ms", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name="fk_tags_recording"),
        sa.PrimaryKeyConstraint("id", name="pk_tags"),
    )
    op.create_index("ix_tags_recording", "tags", ["recording"])

    op.create_table(
        "transcripts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("blob", sa.String(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name="fk_transcripts_recording"),
        sa.PrimaryKeyConstraint("id", name="pk_transcripts"),
        sa.UniqueConstraint("recording", "version", name="uq_transcripts_recording_version"),
    )
    op.create_index("ix_transcripts_recording", "transcripts", ["recording"])

    op.create_table(
        "uploads",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["users.id"], name="fk_uploads_owner"),
        sa.ForeignKeyConstraint(["recording"], ["recordings.id"], name="fk_uploads_recording"),
        sa.PrimaryKeyConstraint("id", name="pk_uploads"),
    )
    op.create_index("ix_uploads_recording", "uploads", ["recording"])


def downgrade() -> None:
    for table in (
        "uploads",
        "transcripts",
        "tags",
        "stage_runs",
        "sequences",
        "segments",
        "rooms",
        "requests",
        "participants",
        "notes",
        "minutes",
        "evidence",
        "drafts",
        "cycles",
        "blobs",
        "answers",
        "recordings",
        "sessions",
        "courses",
        "workers",
        "users",
        "deletions",
        "audit",
    ):
        op.drop_table(table)

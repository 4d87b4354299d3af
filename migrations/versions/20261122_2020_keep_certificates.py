"""keep looks, the register and consents of certificates

Revision: 5c90a7e3d1f4
Follows: 9d41b7c2e053
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5c90a7e3d1f4"
down_revision = "9d41b7c2e053"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    _looks_and_people()
    _consents()
    _register()
    _files()


def _looks_and_people() -> None:
    op.create_table(
        "certificate_looks",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("look", sa.JSON(), nullable=False),
        sa.Column("background_key", sa.String(length=64), nullable=True),
        sa.Column("logo_key", sa.String(length=64), nullable=True),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_certificate_looks_edition_id")),
        sa.ForeignKeyConstraint(["updated_by"], ["users.id"], name=op.f("fk_certificate_looks_updated_by")),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_certificate_looks")),
    )
    op.create_table(
        "volunteers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("task", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_volunteers_edition_id")),
        sa.ForeignKeyConstraint(["added_by"], ["users.id"], name=op.f("fk_volunteers_added_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteers")),
        sa.UniqueConstraint("public_id", name=op.f("uq_volunteers_public_id")),
    )
    op.create_index(op.f("ix_volunteers_edition_id"), "volunteers", ["edition_id"])


def _consents() -> None:
    op.create_table(
        "name_consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=64), nullable=False),
        sa.Column("basis", sa.String(length=32), nullable=False),
        sa.Column("how", sa.String(length=300), nullable=False),
        sa.Column("by_team", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_name_consents_team_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_name_consents_by_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["users.id"], name=op.f("fk_name_consents_ended_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_consents")),
        sa.UniqueConstraint("public_id", name=op.f("uq_name_consents_public_id")),
    )
    op.create_index(op.f("ix_name_consents_team_id"), "name_consents", ["team_id"])
    op.create_index(
        "ix_name_consents_in_force",
        "name_consents",
        ["team_id", "name_key"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _register() -> None:
    op.create_table(
        "certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("snapshot_version", sa.Integer(), nullable=True),
        sa.Column("list_version", sa.Integer(), nullable=True),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.Column("revoked_reason", sa.String(length=500), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("mailed_at", MOMENT, nullable=True),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_certificates_sequence_positive")),
        *(
            sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_certificates_{column}"))
            for column, target in (
                ("edition_id", "editions.id"),
                ("round_id", "rounds.id"),
                ("submission_id", "submissions.id"),
                ("user_id", "users.id"),
                ("issued_by", "users.id"),
                ("revoked_by", "users.id"),
                ("replaces_id", "certificates.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("public_id", name=op.f("uq_certificates_public_id")),
        sa.UniqueConstraint("code", name=op.f("uq_certificates_code")),
        sa.UniqueConstraint("edition_id", "sequence", name=op.f("uq_certificates_edition_id_sequence")),
    )
    op.create_index(op.f("ix_certificates_submission_id"), "certificates", ["submission_id"])
    op.create_index(op.f("ix_certificates_user_id"), "certificates", ["user_id"])
    op.create_index(
        "ix_certificates_valid",
        "certificates",
        ["edition_id", "subject"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )


def _files() -> None:
    op.create_table(
        "certificate_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("storage_key", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_certificate_files_edition_id")),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_certificate_files_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_files")),
        sa.UniqueConstraint("public_id", name=op.f("uq_certificate_files_public_id")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_certificate_files_storage_key")),
    )
    op.create_index(op.f("ix_certificate_files_edition_id"), "certificate_files", ["edition_id"])


def downgrade() -> None:
    """Undo."""
    for table in ("certificate_files", "certificates", "name_consents", "volunteers", "certificate_looks"):
        op.drop_table(table)

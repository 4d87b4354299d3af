"""run the day of the presentations and plan the booths

Revision: d41b7e90c2aa
Follows: 5c90a7e3d1f4
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "d41b7e90c2aa"
down_revision = "5c90a7e3d1f4"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "pitch_days",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("begins_at", MOMENT, nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("screen", sa.String(length=32), nullable=False),
        sa.Column("break_until", MOMENT, nullable=True),
        sa.Column("break_name", sa.String(length=120), nullable=False),
        sa.Column("part", sa.String(length=32), nullable=False),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=True),
        sa.Column("extra", sa.Integer(), nullable=False),
        sa.Column("pressed_at", MOMENT, nullable=True),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("spent >= 0 AND extra >= 0", name=op.f("ck_pitch_days_times_positive")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_pitch_days_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_pitch_days")),
    )
    op.create_table(
        "pitch_turns",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("called_at", MOMENT, nullable=True),
        sa.Column("began_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_pitch_turns_round_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_pitch_turns_submission_id")),
        sa.PrimaryKeyConstraint("round_id", "submission_id", name=op.f("pk_pitch_turns")),
    )
    op.create_index(op.f("ix_pitch_turns_submission_id"), "pitch_turns", ["submission_id"])
    op.create_table(
        "pitch_breaks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_pitch_breaks_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pitch_breaks")),
    )
    op.create_index(op.f("ix_pitch_breaks_round_id"), "pitch_breaks", ["round_id"])
    op.create_table(
        "exhibitions",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("released_at", MOMENT, nullable=True),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_exhibitions_edition_id")),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_exhibitions")),
    )
    op.create_table(
        "booths",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("size", sa.String(length=20), nullable=False),
        sa.Column("power", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_booths_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booths")),
        sa.UniqueConstraint("edition_id", "number", name=op.f("uq_booths_edition_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_booths_public_id")),
    )
    op.create_table(
        "exhibitors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("power", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("booth_id", sa.Integer(), nullable=True),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["booth_id"], ["booths.id"], name=op.f("fk_exhibitors_booth_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_exhibitors_edition_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_exhibitors_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exhibitors")),
        sa.UniqueConstraint("booth_id", name=op.f("uq_exhibitors_booth_id")),
        sa.UniqueConstraint("edition_id", "team_id", name=op.f("uq_exhibitors_edition_id_team_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_exhibitors_public_id")),
    )
    op.create_index(op.f("ix_exhibitors_team_id"), "exhibitors", ["team_id"])


def downgrade() -> None:
    """Undo."""
    for table in ("exhibitors", "booths", "exhibitions", "pitch_breaks", "pitch_turns", "pitch_days"):
        op.drop_table(table)

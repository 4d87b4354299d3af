"""tell kinds of conflicts, who declared them, and which findings are none

Revision: 51b0c87dd6c7
Follows: a71c4e93d0b8
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "51b0c87dd6c7"
down_revision = "a71c4e93d0b8"
branch_labels = None
depends_on = None

PAIR = ["judge_id", "submission_id"]


def upgrade() -> None:
    """Apply."""
    _conflicts()
    op.create_table(
        "dismissed_findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dismissed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["judge_id"], ["judges.id"], name=op.f("fk_dismissed_findings_judge_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_dismissed_findings_submission_id")
        ),
        sa.ForeignKeyConstraint(["dismissed_by"], ["users.id"], name=op.f("fk_dismissed_findings_dismissed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dismissed_findings")),
        sa.UniqueConstraint(*PAIR, "evidence", name=op.f("uq_dismissed_findings_judge_id_submission_id_evidence")),
    )
    op.create_index(op.f("ix_dismissed_findings_submission_id"), "dismissed_findings", ["submission_id"])
    op.create_table(
        "unit_aliases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("other", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_unit_aliases_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_aliases")),
        sa.UniqueConstraint("edition_id", "name", "other", name=op.f("uq_unit_aliases_edition_id_name_other")),
    )
    _sponsors_and_settings()


def _conflicts() -> None:
    with op.batch_alter_table("conflicts") as table:
        table.add_column(sa.Column("party", sa.String(length=32), nullable=False, server_default="organiser"))
        table.add_column(sa.Column("kind", sa.String(length=32), nullable=False, server_default="declared"))
        table.add_column(sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("declared_by", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_conflicts_declared_by"), "users", ["declared_by"], ["id"])
        table.drop_constraint(op.f("uq_conflicts_judge_id_submission_id"), type_="unique")
        table.create_unique_constraint(op.f("uq_conflicts_judge_id_submission_id_party"), [*PAIR, "party"])


def _sponsors_and_settings() -> None:
    op.create_table(
        "sponsorships",
        sa.Column("judge_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=True),
        sa.Column("prize", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["judge_id"], ["judges.id"], name=op.f("fk_sponsorships_judge_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_sponsorships_round_id")),
        sa.ForeignKeyConstraint(["track_id"], ["tracks.id"], name=op.f("fk_sponsorships_track_id")),
        sa.PrimaryKeyConstraint("judge_id", name=op.f("pk_sponsorships")),
    )
    op.create_index(op.f("ix_sponsorships_round_id"), "sponsorships", ["round_id"])
    op.create_index(op.f("ix_sponsorships_track_id"), "sponsorships", ["track_id"])
    op.create_table(
        "conflict_settings",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("colleagues", sa.String(length=32), nullable=False),
        sa.Column("teams_declare", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_conflict_settings_edition_id")),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_conflict_settings")),
    )


def downgrade() -> None:
    """Undo; of several declarations about a pair one stays."""
    for name in ("conflict_settings", "sponsorships", "unit_aliases", "dismissed_findings"):
        op.drop_table(name)
    op.execute("DELETE FROM conflicts WHERE id NOT IN (SELECT MIN(id) FROM conflicts GROUP BY judge_id, submission_id)")
    with op.batch_alter_table("conflicts") as table:
        table.drop_constraint(op.f("uq_conflicts_judge_id_submission_id_party"), type_="unique")
        table.drop_constraint(op.f("fk_conflicts_declared_by"), type_="foreignkey")
        table.create_unique_constraint(op.f("uq_conflicts_judge_id_submission_id"), PAIR)
        for name in ("declared_by", "declared_at", "kind", "party"):
            table.drop_column(name)

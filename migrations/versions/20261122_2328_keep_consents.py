"""keep consents as records, those to print a name among them

Revision: d2c05e1a77b4
Follows: d1a70c55e201
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "d2c05e1a77b4"
down_revision = "d1a70c55e201"
branch_labels = None
depends_on = None

LETTERS = "23456789bcdfghjkmnpqrstvwxz"
SAID = ("team_id", "purpose", "giver", "given", "means", "at", "text_id", "link_id", "scan_sha256")
HEARD = "a consent is never changed"
WATCHED = f"CREATE TRIGGER consents_never_change BEFORE UPDATE OF {', '.join(SAID)} ON consents "
SQLITE = (f"{WATCHED} BEGIN SELECT RAISE(ABORT, '{HEARD}'); END",)
POSTGRESQL = (
    f"""
    CREATE FUNCTION consents_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{HEARD}' USING ERRCODE = 'check_violation'; END $$
    """,
    f"{WATCHED} FOR EACH ROW EXECUTE FUNCTION consents_never_change()",
)


def upgrade() -> None:
    """Apply."""
    op.add_column("editions", sa.Column("privacy_rules", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("team_members", sa.Column("age_band", sa.String(length=32), nullable=True))
    _texts_and_links()
    _consents()
    _take_over()
    op.drop_table("name_consents")
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def _texts_and_links() -> None:
    op.create_table(
        "consent_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("audience", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_consent_texts_edition_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_consent_texts_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_texts")),
        sa.UniqueConstraint(
            "edition_id", "purpose", "audience", "language", "version",
            name=op.f("uq_consent_texts_edition_id_purpose_audience_language_version"),
        ),
    )  # fmt: skip
    op.create_table(
        "consent_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=64), nullable=False),
        sa.Column("giver", sa.String(length=32), nullable=False),
        sa.Column("giver_name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_consent_links_team_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_consent_links_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_links")),
        sa.UniqueConstraint("public_id", name=op.f("uq_consent_links_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_consent_links_token_hash")),
    )
    op.create_index(op.f("ix_consent_links_team_id"), "consent_links", ["team_id"])


def _consents() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("giver", sa.String(length=32), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("means", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_team", sa.Boolean(), nullable=False),
        sa.Column("giver_name", sa.String(length=200), nullable=False),
        sa.Column("attested_by", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=True),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("scan_key", sa.String(length=64), nullable=True),
        sa.Column("scan_name", sa.String(length=255), nullable=False),
        sa.Column("scan_type", sa.String(length=100), nullable=False),
        sa.Column("scan_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_consents_team_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_consents_by_id")),
        sa.ForeignKeyConstraint(["text_id"], ["consent_texts.id"], name=op.f("fk_consents_text_id")),
        sa.ForeignKeyConstraint(["link_id"], ["consent_links.id"], name=op.f("fk_consents_link_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint("public_id", name=op.f("uq_consents_public_id")),
    )
    op.create_index("ix_consents_team_id_name_key", "consents", ["team_id", "name_key"])


def _tables() -> tuple[sa.Table, sa.Table]:
    meta = sa.MetaData()
    old = sa.Table("name_consents", meta, autoload_with=op.get_bind())
    return old, sa.Table("consents", meta, autoload_with=op.get_bind())


def _new_id() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(10))


def _take_over() -> None:
    """Make of each consent to print a name the words that it stood for, in the order in which they were said."""
    old, new = _tables()
    connection = op.get_bind()
    events = []
    for row in connection.execute(sa.select(old)).mappings():
        users = {"at": row["at"], "by_id": row["by_id"]}
        givers = ("of_age",) if row["basis"] == "of_age" else ("child", "guardian")
        first = {
            "team_id": row["team_id"], "name": row["name"], "name_key": row["name_key"], "purpose": "publish_name",
            "means": "told", "by_team": row["by_team"], "giver_name": "", "attested_by": "", "note": row["how"],
            "scan_name": "", "scan_type": "", "scan_sha256": "",
        }  # fmt: skip
        events += [(row["at"], row["id"], {**first, **users, "giver": giver, "given": True}) for giver in givers]
        if row["ended_at"] is not None:
            ended = {"at": row["ended_at"], "by_id": row["ended_by_id"], "note": "", "given": False}
            events += [(row["ended_at"], row["id"], {**first, **ended, "giver": giver}) for giver in givers]
    for _at, _id, values in sorted(events, key=lambda one: one[:2]):
        connection.execute(new.insert().values(public_id=_new_id(), **values))


def downgrade() -> None:
    """Undo; what is no consent to print a name, and who said it how, is lost."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute("DROP TRIGGER consents_never_change" + (" ON consents" if postgresql else ""))
    if postgresql:
        op.execute("DROP FUNCTION consents_never_change()")
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
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_name_consents_team_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_name_consents_by_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["users.id"], name=op.f("fk_name_consents_ended_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_consents")),
        sa.UniqueConstraint("public_id", name=op.f("uq_name_consents_public_id")),
    )
    op.create_index(op.f("ix_name_consents_team_id"), "name_consents", ["team_id"])
    op.create_index(
        "ix_name_consents_in_force", "name_consents", ["team_id", "name_key"], unique=True,
        sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"),
    )  # fmt: skip
    _give_back()
    for table in ("consents", "consent_links", "consent_texts"):
        op.drop_table(table)
    for table, column in (("team_members", "age_band"), ("editions", "privacy_rules")):
        op.drop_column(table, column)


def _give_back() -> None:
    old, new = _tables()
    connection = op.get_bind()
    held: dict[tuple[int, str], dict[str, object]] = {}
    rows = connection.execute(sa.select(new).where(new.c.purpose == "publish_name").order_by(new.c.id)).mappings()
    for row in rows:
        key = (row["team_id"], row["name_key"])
        if not row["given"]:
            held.pop(key, None)
        elif row["giver"] != "child":  # a guardian's word came with the child's
            basis = "of_age" if row["giver"] == "of_age" else "consent"
            held[key] = {**{name: row[name] for name in ("public_id", "team_id", "name", "name_key", "by_team")},
                         "at": row["at"], "by_id": row["by_id"], "how": row["note"], "basis": basis}  # fmt: skip
    for values in held.values():
        connection.execute(old.insert().values(**values))

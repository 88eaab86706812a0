"""Levels, rules of delegated decision, absences, passkeys, sessions by strength. schema_0002.sql stands beside this folder."""

from pathlib import Path

from alembic import op

from chassis.migrate import split_statements

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    connection = op.get_bind()
    own = Path(__file__).parents[1].joinpath("schema_0002.sql").read_text(encoding="utf-8")
    for statement in split_statements(own):
        connection.exec_driver_sql(statement)


def downgrade():
    raise RuntimeError("a journal is not taken back")

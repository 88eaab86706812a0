"""Uploads in pieces."""

from pathlib import Path

from alembic import op

from chassis import migrate

revision = "0007"
down_revision = "0006"

_SCHEMA = Path(__file__).parents[1] / "schema_0007.sql"


def upgrade() -> None:
    execute = op.get_bind().exec_driver_sql
    for statement in migrate.split_statements(_SCHEMA.read_text(encoding="utf-8")):
        execute(statement)

"""Boxes and search: indexes that lists and numbers are read from, and the index of titles and people."""

from pathlib import Path

from alembic import op

from chassis import migrate

revision = "0008"
down_revision = "0007"

_SCHEMA = Path(__file__).parents[1] / "schema_0008.sql"


def upgrade() -> None:
    execute = op.get_bind().exec_driver_sql
    for statement in migrate.split_statements(_SCHEMA.read_text(encoding="utf-8")):
        execute(statement)

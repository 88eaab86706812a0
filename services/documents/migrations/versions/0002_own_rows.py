"""The rpc role writes what is its caller's own, and nothing else; a report counts once for each copy it is about."""

from pathlib import Path

from alembic import op

from chassis import migrate

revision = "0002"
down_revision = "0001"

_SCHEMA = Path(__file__).parents[1] / "schema_0002.sql"


def upgrade() -> None:
    execute = op.get_bind().exec_driver_sql
    for statement in migrate.split_statements(_SCHEMA.read_text(encoding="utf-8")):
        execute(statement)

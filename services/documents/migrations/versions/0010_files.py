"""Files people brought and documents hold: the right to attach them."""

from pathlib import Path

from alembic import op

from chassis import migrate

revision = "0010"
down_revision = "0009"

_SCHEMA = Path(__file__).parents[1] / "schema_0010.sql"


def upgrade() -> None:
    execute = op.get_bind().exec_driver_sql
    for statement in migrate.split_statements(_SCHEMA.read_text(encoding="utf-8")):
        execute(statement)

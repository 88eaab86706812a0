"""Cards and versions, numbers, readers, sending, receiving, boxes and search. Nothing was released before it."""

from pathlib import Path

from alembic import op

from chassis import migrate

revision = "0001"
down_revision = None

_SCHEMA = Path(__file__).parents[1] / "schema_0001"


def upgrade() -> None:
    execute = op.get_bind().exec_driver_sql
    scripts = [path.read_text(encoding="utf-8") for path in sorted(_SCHEMA.glob("*.sql"))]
    for script in ("\n".join(migrate.chassis_schema("documents")), *scripts):
        for statement in migrate.split_statements(script):
            execute(statement)

"""Cards, versions, manifests, registration, audience, deliveries, readings."""

from pathlib import Path

from alembic import op

from chassis import migrate

revision = "0001"
down_revision = None

_SCHEMA = Path(__file__).parents[1] / "schema_0001.sql"
_TABLES = [
    "document",
    "document_version",
    "manifest",
    "registration",
    "audience",
    "delivery",
    "delivery_event",
    "reading",
]


def upgrade() -> None:
    execute = op.get_bind().exec_driver_sql
    for statement in migrate.chassis_schema("documents"):
        execute(statement)
    for statement in migrate.split_statements(_SCHEMA.read_text(encoding="utf-8")):
        execute(statement)
    for table in _TABLES:
        execute(f"CREATE POLICY worker ON {table} TO documents_worker USING (true) WITH CHECK (true)")

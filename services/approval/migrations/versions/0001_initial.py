"""Tables of the chassis and of approval. schema_0001.sql stands beside this folder and never changes again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from alembic import op

from chassis.migrate import chassis_schema, split_statements

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    connection = op.get_bind()
    for statement in chassis_schema("approval"):
        connection.exec_driver_sql(statement)
    own = Path(__file__).parents[1].joinpath("schema_0001.sql").read_text(encoding="utf-8")
    for statement in split_statements(own):
        connection.exec_driver_sql(statement)
    now = datetime.now(UTC).replace(day=15)
    for months in range(4):
        moment = (now + timedelta(days=30 * months)).isoformat()
        connection.exec_driver_sql(f"SELECT journal_ensure_month('{moment}')")


def downgrade():
    raise RuntimeError("a journal is not taken back")

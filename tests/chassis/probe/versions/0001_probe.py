from alembic import op

from chassis import migrate

revision = "0001"
down_revision = None


def upgrade() -> None:
    execute = op.get_bind().exec_driver_sql
    for statement in migrate.chassis_schema("probe"):
        execute(statement)
    execute(
        "CREATE TABLE effect (id bigint GENERATED ALWAYS AS IDENTITY, message_id uuid NOT NULL, series text, number bigint)"
    )
    execute("CREATE TABLE series (key text PRIMARY KEY, n bigint NOT NULL)")
    execute("GRANT SELECT, INSERT, UPDATE, DELETE ON effect, series TO probe_worker, probe_rpc")

"""When raw bytes were removed; how connections fare, by the hour."""

from alembic import op

revision = "0002"
down_revision = "0001"

_STATEMENTS = (
    "ALTER TABLE intake_file ADD COLUMN raw_removed_at timestamptz",
    "CREATE INDEX intake_file_raw ON intake_file (adapter, taken_at) WHERE raw_removed_at IS NULL",
    "CREATE INDEX intake_file_sha ON intake_file (sha256)",
    # The board: what came in and went out of late, and what has waited longest.
    "CREATE INDEX outgoing_sent ON outgoing (agency_id, sent_at) WHERE state = 'sent'",
    "CREATE INDEX outgoing_waiting ON outgoing (agency_id, endpoint, created_at) WHERE state = 'waiting'",
    "CREATE INDEX record_unheard ON record (agency_id, endpoint, changed_at) WHERE state = 'in-flight' AND result_version = 0",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.get_bind().exec_driver_sql(statement)

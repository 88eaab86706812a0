"""Lines as the law has them: every way to end, joint drafts, edited texts. schema_0004.sql stands beside this folder."""

from pathlib import Path

from alembic import op

from chassis.migrate import split_statements

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    own = Path(__file__).parents[1].joinpath("schema_0004.sql").read_text(encoding="utf-8")
    for statement in split_statements(own):
        op.get_bind().exec_driver_sql(statement)


def downgrade():
    raise RuntimeError("what was signed is not taken back")

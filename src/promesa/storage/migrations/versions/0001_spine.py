"""The spine: every table, the log that can't be changed, row-level security, the plain role.

Statements stand in files beside this one, in the order they run.
"""

from pathlib import Path
from typing import Any

from alembic import op
from sqlalchemy.util import await_only

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FILES = ("0001_tables.sql", "0001_log.sql", "0001_directory.sql", "0001_tenants.sql")


def upgrade() -> None:
    # The driver runs a whole file at once, which the prepared statements of the layer above
    # can't; the transaction is the one Alembic is in.
    driver: Any = op.get_bind().connection.driver_connection
    for name in FILES:
        await_only(driver.execute((Path(__file__).parent / name).read_text()))


def downgrade() -> None:
    raise NotImplementedError("there is nothing before the first version")

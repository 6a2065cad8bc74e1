"""What a driver hands in, what the warehouse counted of it, and proofs that were taken back.

The statements stand in the file beside this one, as those of the first version do.
"""

from pathlib import Path
from typing import Any

from alembic import op
from sqlalchemy.util import await_only

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

FILE = "0009_what_depots_count.sql"


def upgrade() -> None:
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute((Path(__file__).parent / FILE).read_text()))


def downgrade() -> None:
    raise NotImplementedError("what was counted is not forgotten")

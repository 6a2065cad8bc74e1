"""Many counts of demand from one line of a file.

The statements stand in the file beside this one, as those of the first version do.
"""

from pathlib import Path
from typing import Any

from alembic import op
from sqlalchemy.util import await_only

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

FILE = "0035_counts_of_one_line.sql"


def upgrade() -> None:
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute((Path(__file__).parent / FILE).read_text()))


def downgrade() -> None:
    raise NotImplementedError("counts of one line have no line of their own")

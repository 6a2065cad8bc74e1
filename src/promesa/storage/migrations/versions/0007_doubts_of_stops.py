"""What a visit's driver collected, and what about it a person still has to decide.

The statements stand in the file beside this one, as those of the first version do.
"""

from pathlib import Path
from typing import Any

from alembic import op
from sqlalchemy.util import await_only

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

FILE = "0007_doubts_of_stops.sql"


def upgrade() -> None:
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute((Path(__file__).parent / FILE).read_text()))


def downgrade() -> None:
    raise NotImplementedError("what was collected is not forgotten")

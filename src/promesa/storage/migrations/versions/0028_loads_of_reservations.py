"""Loads of reservations.

The statements stand in the file beside this one, as those of the first version do.
"""

from pathlib import Path
from typing import Any

from alembic import op
from sqlalchemy.util import await_only

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

FILE = "0028_loads_of_reservations.sql"


def upgrade() -> None:
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute((Path(__file__).parent / FILE).read_text()))


def downgrade() -> None:
    raise NotImplementedError("places that are held are not to be lost")

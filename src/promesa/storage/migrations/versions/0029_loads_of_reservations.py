"""Loads of reservations.

The statements stand in the file beside this one, as those of the first version do.
"""

from pathlib import Path
from typing import Any

from alembic import op
from sqlalchemy.util import await_only

revision = "0029"
# 0026 to 0028 are being written beside this one; whoever brings them together chains them.
down_revision = "0027"
branch_labels = None
depends_on = None

FILE = "0029_loads_of_reservations.sql"


def upgrade() -> None:
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute((Path(__file__).parent / FILE).read_text()))


def downgrade() -> None:
    raise NotImplementedError("places that are held are not to be lost")

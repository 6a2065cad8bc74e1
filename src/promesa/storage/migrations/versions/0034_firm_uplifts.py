"""Uplifts that are taken as a person wrote them.

The statements stand in the file beside this one, as those of the first version do.
"""

from pathlib import Path
from typing import Any

from alembic import op
from sqlalchemy.util import await_only

revision = "0034"
down_revision = "0032"
branch_labels = None
depends_on = None

FILE = "0034_firm_uplifts.sql"


def upgrade() -> None:
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute((Path(__file__).parent / FILE).read_text()))


def downgrade() -> None:
    raise NotImplementedError("which uplifts are taken as they are would be forgotten")

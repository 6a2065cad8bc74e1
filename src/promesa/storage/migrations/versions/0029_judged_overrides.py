"""What the forecast said when it was overridden.

The statements stand in the file beside this one, as those of the first version do.
"""

from pathlib import Path
from typing import Any

from alembic import op
from sqlalchemy.util import await_only

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

FILE = "0029_judged_overrides.sql"


def upgrade() -> None:
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute((Path(__file__).parent / FILE).read_text()))


def downgrade() -> None:
    raise NotImplementedError("what people said is judged by it")

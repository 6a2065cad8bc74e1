"""Skills that were kept with case, spaces or accents, as they are compared now.

The statements stand in the file beside this one, as those of the first version do.
"""

from pathlib import Path
from typing import Any

from alembic import op
from sqlalchemy.util import await_only

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

FILE = "0021_plain_skills.sql"


def upgrade() -> None:
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute((Path(__file__).parent / FILE).read_text()))


def downgrade() -> None:
    raise NotImplementedError("how they were written is not known any more")

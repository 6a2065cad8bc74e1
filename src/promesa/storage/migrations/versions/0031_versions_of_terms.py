"""Terms of capacity and of what is offered, version by version.

The statements stand in the file beside this one, as those of the first version do.
"""

from pathlib import Path
from typing import Any

from alembic import op
from sqlalchemy.util import await_only

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

FILE = "0031_versions_of_terms.sql"


def upgrade() -> None:
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute((Path(__file__).parent / FILE).read_text()))


def downgrade() -> None:
    raise NotImplementedError("all but the last version would be forgotten")

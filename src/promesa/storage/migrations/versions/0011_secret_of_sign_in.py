"""E-mails are digested under a secret of the server, those of before too.

What was kept is the plain SHA-256 of each e-mail, and the new digest is made of that one, so that
whoever was let in before still signs in. The statements stand in the file beside this one.
"""

import hashlib
import hmac
from pathlib import Path
from typing import Any

from alembic import op
from sqlalchemy.util import await_only

from promesa.kernel.clock import SystemClock
from promesa.kernel.ids import Ids

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

FILE = "0011_secret_of_sign_in.sql"
SECRET_BYTES = 32


def upgrade() -> None:
    driver: Any = op.get_bind().connection.driver_connection
    await_only(driver.execute((Path(__file__).parent / FILE).read_text()))
    secret = Ids(SystemClock()).secret_bytes(SECRET_BYTES)
    await_only(driver.execute("INSERT INTO server_secrets VALUES ('sign in', $1)", secret))
    users = await_only(driver.fetch("SELECT tenant_id, id, email_digest FROM users"))
    changes = [
        (row["tenant_id"], row["id"], hmac.digest(secret, row["email_digest"], hashlib.sha256))
        for row in users
    ]
    statement = "UPDATE users SET email_digest = $3 WHERE tenant_id = $1 AND id = $2"
    await_only(driver.executemany(statement, changes))


def downgrade() -> None:
    raise NotImplementedError("the plain digests are gone for good")

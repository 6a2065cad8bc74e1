"""Alembic's entry: the connection comes from promesa.storage.migrating, and so does the commit."""

from alembic import context

from promesa.storage.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()

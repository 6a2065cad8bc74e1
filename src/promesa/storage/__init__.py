"""The only package with SQL: PostgreSQL server, engine, unit of work, a file per noun, blobs, migrations."""

"""The only package with SQL: PostgreSQL server, engine, unit of work, blobs, migrations.

Each noun has a file of its own with its tables and its repository.
"""

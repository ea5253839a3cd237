"""Alembic's entry point. `penstock.kit.migrate` hands over the open connection; there is no alembic.ini."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()

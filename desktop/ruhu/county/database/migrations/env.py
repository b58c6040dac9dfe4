"""Entry point of Alembic: run the steps on the connection that `migrate` passes."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()

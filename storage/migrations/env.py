"""What Alembic runs: it applies versions on the connection that ``bring_up_to_date`` gives it."""

from alembic import context
from sqlmodel import SQLModel

import storage.tables  # noqa: F401 - declares the tables that the metadata lists

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()

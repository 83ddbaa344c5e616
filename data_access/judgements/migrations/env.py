"""What Alembic runs: the migrations, over the connection that the store hands it."""

from alembic import context

from data_access.judgements.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()

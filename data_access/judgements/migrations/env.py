"""What Alembic runs: the migrations, over the connection that the store hands it."""

from alembic import context

from data_access.judgements.tables import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA, version_table=VERSION_TABLE
)
with context.begin_transaction():
    context.run_migrations()

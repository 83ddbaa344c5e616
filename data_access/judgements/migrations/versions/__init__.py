"""One module a version of the tables, each named in the next one's `down_revision`."""

"""One module a layout that we know: from column names and types to its mapping, and from a mapping to its SELECTs."""

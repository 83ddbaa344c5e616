"""How the store's tables came to be, one change a file."""

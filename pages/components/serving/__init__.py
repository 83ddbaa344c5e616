"""The server under the pages."""

"""Data frame in, altair.Chart out; one module a topic. No I/O, no Streamlit."""

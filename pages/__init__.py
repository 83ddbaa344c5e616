"""The screens: the only package, beside app.py, that knows Streamlit."""

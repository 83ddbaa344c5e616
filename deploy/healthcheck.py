"""The image's health check: what the server's own /health says, under its path prefix."""

import os
import urllib.request

port = os.environ["PORT"]
path = "/".join([*filter(None, os.environ.get("STREAMLIT_SERVER_BASE_URL_PATH", "").split("/")), "health"])
urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=5)

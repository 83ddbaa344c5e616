"""Comes in: a `Report`, which names views of the app, and a `Dataset`. Goes out: a file to send on, HTML or Markdown with
pictures."""

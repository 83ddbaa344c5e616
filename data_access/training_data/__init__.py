"""Comes in: an open `Dataset` and a `Recipe`. Goes out: files that trainers read, and a sidecar
that says where they are from.
"""

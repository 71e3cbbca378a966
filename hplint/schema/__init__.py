"""Checks a tree against its format's JSON Schema."""

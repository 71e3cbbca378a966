"""Formats: how a config is recognised, and how its keys become facts."""

"""hplint: a linter for machine-learning training configs."""

from __future__ import annotations

__version__ = "0.1.0"

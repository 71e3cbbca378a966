"""Settings of the property tests."""

from __future__ import annotations

from hypothesis import settings

# A busy machine is no failure: tests that are about time say so themselves.
settings.register_profile("hplint", deadline=None)
settings.load_profile("hplint")

"""What all tests share: property tests are judged by their answers, never by their speed."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("hplint", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("hplint")

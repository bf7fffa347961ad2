"""Everything the platform's admin shows, one file per noun. What is not named here is not there."""

from support.registry import clinics, domains, providers, staff, trail

__all__ = ["clinics", "domains", "providers", "staff", "trail"]

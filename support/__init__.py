"""The platform's own pages at /admin/: clinics, their domains, plans and provider accounts, the platform's staff and
its trail. Lives in the public schema only.

Must never know a clinic's table: no model of a clinic's schema is registered, and nothing here enters a clinic to read.
"""

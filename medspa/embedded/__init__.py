"""The servers and children of one machine: embedded PostgreSQL and Redis, and what runs them all.

Knows nothing of Django, so that `manage.py up` and the tests start servers the same way.
"""

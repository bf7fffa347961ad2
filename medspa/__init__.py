"""The product as a whole: settings, URL maps, processes. Nothing imports it; it may import every app."""

from medspa.celery import app as celery_app

__all__ = ["celery_app"]

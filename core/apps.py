"""Registers core, so that its strings are found by makemessages."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"

"""A password for a command: asked for twice and not shown, or read from a pipe; never an argument, which others see."""

import getpass
import sys

from django.core.management.base import CommandError


def ask(*, from_pipe: bool) -> str:
    if from_pipe:
        return sys.stdin.readline().rstrip("\n")
    if not sys.stdin.isatty():
        raise CommandError("There is no terminal to ask for the password: pipe it in with --password-stdin.")
    password = getpass.getpass("Password (12 characters or more): ")
    if getpass.getpass("The same again: ") != password:
        raise CommandError("The two are not the same. Nothing was made.")
    return password

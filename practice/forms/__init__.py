"""Parsing what is typed in the settings. The rules stay in the actions."""

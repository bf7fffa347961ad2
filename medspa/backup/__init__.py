"""Backups of both instances as one set, and the way back. Knows files and PostgreSQL's programs, and no patient.

A set is a folder: main.dump.sealed, vault.dump.sealed (each encrypted under the backup key, 0600) and manifest.json.
"""

"""Secrets of the clinic itself, such as TOTP seeds and providers' credentials, under the clinic key."""

from uuid import UUID

from vault.sealing import open_bytes, seal_bytes


def seal_secret(tag: str, row: UUID, text: str) -> bytes:
    return seal_bytes(text.encode(), tag=tag, row=row, subject=None)


def open_secret(tag: str, row: UUID, sealed: bytes | memoryview) -> str:
    return open_bytes(bytes(sealed), tag=tag, row=row).decode()

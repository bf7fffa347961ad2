"""Where a webhook may go: a public address, by HTTPS. Asked when the URL is saved and again at each send.

A name is resolved once, every address it has must be public, and the connection is made to the address that was
judged: a name that resolves differently a moment later changes nothing.
"""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LONGEST: Final = 500
NAT64: Final = IPv6Network("64:ff9b::/96")
Address = IPv4Address | IPv6Address


class AddressProblem(Exception):
    """The URL cannot be used; `code` for programs, `message` for people."""

    def __init__(self, code: str, message: str | Promise) -> None:
        self.code, self.message = code, message
        super().__init__(code)


@dataclass(frozen=True)
class Target:
    """A URL taken apart, with the address to dial."""

    scheme: str
    host: str
    port: int
    path: str
    ip: str

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"https": 443, "http": 80}[self.scheme]
        return host if self.port == usual else f"{host}:{self.port}"


def find_target(url: str) -> Target:
    """Judge the URL and resolve its host now. Raises AddressProblem."""
    scheme, host, port, path = _parts(url)
    found = resolve(host, port)
    if not found:
        raise AddressProblem("unknown_host", _("No server is found by this name. Check the spelling."))
    for one in found:
        if not is_allowed(one):
            raise AddressProblem("not_public", _("This leads into a private network. Use a public address."))
    if scheme == "http" and not all(_is_loopback(one) for one in found):
        raise AddressProblem("not_https", _("The address must begin with https://."))
    return Target(scheme, host, port, path, str(found[0]))


def host_of(url: str) -> str:
    """For lists and mails: a path may hold a secret."""
    return urlsplit(url).netloc.rpartition("@")[2]


def is_allowed(address: Address) -> bool:
    if settings.WEBHOOKS_TO_LOOPBACK and _is_loopback(address):
        return True
    return all(_is_public(one) for one in (address, *_carried(address)))


def resolve(host: str, port: int) -> list[Address]:
    """Every address of the host, as the system's resolver tells; it reads 0x7f.1 and 2130706433 too."""
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [ip_address(str(row[4][0]).partition("%")[0]) for row in rows]


def _parts(url: str) -> tuple[str, str, int, str]:
    if len(url) > LONGEST:
        raise AddressProblem("too_long", _("The address may have 500 characters at most."))
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise AddressProblem("invalid", _("Write the address in plain characters, without spaces."))
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise AddressProblem("invalid", _("This is not a web address.")) from None
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.WEBHOOKS_TO_LOOPBACK):
        raise AddressProblem("not_https", _("The address must begin with https://."))
    if not host:
        raise AddressProblem("invalid", _("This is not a web address."))
    if "@" in parts.netloc:
        raise AddressProblem(
            "credentials", _("Leave name and password out; calls are signed, and the address is no secret.")
        )
    if parts.fragment:
        raise AddressProblem("fragment", _("Leave out what follows the #; it is never sent."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path


def _is_public(address: Address) -> bool:
    refused = address.is_multicast or address.is_reserved or address.is_unspecified
    site_local = isinstance(address, IPv6Address) and address.is_site_local
    return address.is_global and not refused and not site_local


def _is_loopback(address: Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None)
    return address.is_loopback or bool(mapped and mapped.is_loopback)


def _carried(address: Address) -> list[Address]:
    """IPv4 addresses that an IPv6 one stands for."""
    if isinstance(address, IPv4Address):
        return []
    carried: list[Address | None] = [address.ipv4_mapped, address.sixtofour]
    if address.teredo:
        carried += address.teredo
    if address in NAT64:
        carried.append(IPv4Address(int(address) & 0xFFFF_FFFF))
    return [one for one in carried if one is not None]

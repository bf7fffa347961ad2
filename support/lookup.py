"""What public name servers say of a host: does it show our TXT record, and does it lead to the platform?

Only name servers are asked, always those of the settings or of this machine, and only for records of one judged host
name: nothing is ever sent to an address that comes back. An answer is untrusted text: compared, cut, and shown as text.
"""

import hmac
from dataclasses import dataclass
from typing import Final

import dns.exception
import dns.nameserver
import dns.rdtypes.ANY.TXT
import dns.resolver
from django.conf import settings

from support.models import CustomDomain, Finding, Way

TRY_SECONDS: Final = 2.0
WHOLE_SECONDS: Final = 4.0  # of one question, over all name servers and tries
LONGEST: Final = 255
MOST_RECORDS: Final = 20


@dataclass(frozen=True)
class Seen:
    """`record` and `leads_to` are what was found, for people to compare."""

    finding: Finding
    record: str
    way: Way
    leads_to: str


def look(domain: CustomDomain) -> Seen:
    """Ask now: five questions at most, of four seconds each. Never raises for what a name server does."""
    try:
        resolver = _resolver()
    except dns.resolver.NoResolverConfiguration:
        return Seen(Finding.FAILED, "", Way.UNKNOWN, "")
    finding, record = _proof(resolver, domain)
    way, leads_to = _way(resolver, domain)
    return Seen(finding, _plain(record), way, _plain(leads_to))


def _resolver() -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver(configure=not settings.DNS_SERVERS)
    if settings.DNS_SERVERS:
        resolver.nameservers = [_server(each) for each in settings.DNS_SERVERS]
    resolver.timeout, resolver.lifetime = TRY_SECONDS, WHOLE_SECONDS
    return resolver


def _server(text: str) -> dns.nameserver.Nameserver:
    """`192.0.2.1`, `192.0.2.1:5353` or `2001:db8::1`."""
    address, colon, port = text.partition(":")
    if not colon or ":" in port:
        return dns.nameserver.Do53Nameserver(text)
    return dns.nameserver.Do53Nameserver(address, int(port))


def _ask(resolver: dns.resolver.Resolver, name: str, kind: str) -> dns.resolver.Answer:
    return resolver.resolve(f"{name}.", kind, raise_on_no_answer=False, search=False)


def _proof(resolver: dns.resolver.Resolver, domain: CustomDomain) -> tuple[Finding, str]:
    try:
        answer = _ask(resolver, domain.record_name, "TXT")
    except dns.resolver.NXDOMAIN:
        return Finding.MISSING, ""
    except dns.exception.Timeout:
        return Finding.TIMEOUT, ""
    except dns.exception.DNSException:
        return Finding.FAILED, ""
    records = [
        b"".join(each.strings).strip()
        for each in list(answer.rrset or ())[:MOST_RECORDS]
        if isinstance(each, dns.rdtypes.ANY.TXT.TXT)
    ]
    for record in records:
        if hmac.compare_digest(record, domain.token.encode()):
            return Finding.PROVED, domain.token
    start = domain.token.partition("=")[
        0
    ].encode()  # what was meant for us comes first; servers give any order
    records.sort(key=lambda record: (not record.startswith(start), record))
    found = " · ".join(record.decode(errors="replace") for record in records)
    return (Finding.WRONG, found) if records else (Finding.MISSING, "")


def _way(resolver: dns.resolver.Resolver, domain: CustomDomain) -> tuple[Way, str]:
    """Whether the host ends where the platform's own names end: at the same name, or at the same addresses."""
    try:
        last, addresses = _end(resolver, domain.host)
    except dns.resolver.NXDOMAIN:
        return Way.NOWHERE, ""
    except dns.exception.DNSException:
        return Way.UNKNOWN, ""
    names = {settings.PLATFORM_HOST, domain.clinic.own_host}
    leads_to = ", ".join(sorted(addresses)) or (last if last != domain.host else "")
    if last in names:
        return Way.HERE, last
    try:
        our_last, ours = _end(resolver, settings.PLATFORM_HOST)
    except dns.exception.DNSException:
        return (Way.UNKNOWN if addresses else Way.NOWHERE), leads_to
    if last == our_last or (addresses and addresses <= ours):
        return Way.HERE, leads_to
    return (Way.ELSEWHERE if addresses else Way.NOWHERE), leads_to


def _end(resolver: dns.resolver.Resolver, host: str) -> tuple[str, set[str]]:
    """The last name of the chain of CNAMEs from `host`, and the addresses there."""
    last, addresses = host, set()
    for kind in ("A", "AAAA"):
        answer = _ask(resolver, host, kind)
        last = answer.canonical_name.to_text(omit_final_dot=True).lower()
        addresses |= {each.to_text() for each in list(answer.rrset or ())[:MOST_RECORDS]}
    return last, addresses


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text)[:LONGEST]

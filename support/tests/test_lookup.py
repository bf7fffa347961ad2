"""What name servers may say of a host, and what we make of it."""

import pytest

from audit.actors import job
from core.clock import now
from core.problems import Conflict
from support import actions, lookup
from support.models import CustomDomain, Finding, Way
from tenants.context import enter_public
from tenants.models import Clinic, Domain

HOST, RECORD = "book.glow-skin.com", "_medspa.book.glow-skin.com"


@pytest.fixture
def domain(glow):
    with enter_public():
        clinic = Clinic.objects.get(pk=glow.clinic.pk)
        yield actions.ask_domain(clinic, HOST, by=job("test"), at=now())


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Silence is believed at once: nothing here is slow."""
    monkeypatch.setattr(lookup, "TRY_SECONDS", 0.5)
    monkeypatch.setattr(lookup, "WHOLE_SECONDS", 1.0)


def here(names):
    names.says("localhost", "A", "203.0.113.7", "203.0.113.8")


def test_the_record_is_found_among_others_and_in_pieces(domain, names):
    half = len(domain.token) // 2
    names.says(RECORD, "TXT", '"v=spf1 -all"', f'"{domain.token[:half]}" "{domain.token[half:]}"')
    seen = lookup.look(domain)
    assert (seen.finding, seen.record) == (Finding.PROVED, domain.token)
    assert names.asked[0] == (RECORD, "TXT")


def test_nothing_there_is_not_yet(domain, names):
    assert lookup.look(domain).finding == Finding.MISSING  # no such name
    names.says(RECORD, "A", "203.0.113.9")
    assert lookup.look(domain).finding == Finding.MISSING  # the name, without such a record


def test_another_record_is_shown_as_text_and_cut(domain, names):
    names.says(RECORD, "TXT", f'"{domain.token[:-1]}"', '"<b>\\007\\255 hello"', *[f'"{"x" * 200}"'] * 3)
    seen = lookup.look(domain)
    assert seen.finding == Finding.WRONG
    assert len(seen.record) == lookup.LONGEST
    assert seen.record.isprintable()
    assert seen.record.startswith(domain.token[:-1])


def test_silence_and_faults_have_words_of_their_own(domain, names):
    names.silent.add(RECORD)
    names.faulty.add(HOST)
    seen = lookup.look(domain)
    assert (seen.finding, seen.way) == (Finding.TIMEOUT, Way.UNKNOWN)
    names.silent.clear()
    names.faulty.add(RECORD)
    assert lookup.look(domain).finding == Finding.FAILED


@pytest.mark.parametrize("server", ["127.0.0.1:1", "::1"])
def test_no_name_server_at_all(domain, settings, server):
    settings.DNS_SERVERS = [server]
    seen = lookup.look(domain)
    assert seen.finding in (Finding.TIMEOUT, Finding.FAILED)
    assert seen.way == Way.UNKNOWN


WAYS = {
    "by name": ([(HOST, "CNAME", "localhost.")], Way.HERE),
    "by the clinic's name": ([(HOST, "CNAME", "{own}."), ("{own}", "A", "203.0.113.7")], Way.HERE),
    "by name, through another": (
        [(HOST, "CNAME", "www.glow-skin.com."), ("www.glow-skin.com", "CNAME", "localhost.")],
        Way.HERE,
    ),
    "by address": ([(HOST, "A", "203.0.113.8")], Way.HERE),
    "one address is not ours": ([(HOST, "A", "203.0.113.8", "198.51.100.1")], Way.ELSEWHERE),
    "another server": ([(HOST, "A", "198.51.100.1")], Way.ELSEWHERE),
    "by IPv6 to another": ([(HOST, "A", "203.0.113.7"), (HOST, "AAAA", "2001:db8::1")], Way.ELSEWHERE),
    "no address": ([(HOST, "MX", "10 mail.glow-skin.com.")], Way.NOWHERE),
    "no such name": ([], Way.NOWHERE),
}


@pytest.mark.parametrize(("records", "way"), WAYS.values(), ids=WAYS)
def test_where_the_host_leads(domain, names, records, way):
    here(names)
    for record in records:
        names.says(*(part.format(own=domain.clinic.own_host) for part in record))
    assert lookup.look(domain).way == way


def test_the_platforms_own_address_is_not_known(domain, names):
    names.says(HOST, "A", "203.0.113.7")
    names.faulty.add("localhost")
    assert lookup.look(domain).way == Way.UNKNOWN


def test_only_judged_names_are_asked_for(domain, names):
    """Whatever an answer names, we ask for the host, its record and the platform, and connect to nobody."""
    names.says(RECORD, "TXT", '"http://169.254.169.254/"')
    names.says(HOST, "CNAME", "metadata.internal.")
    names.says("metadata.internal", "A", "169.254.169.254")
    lookup.look(domain)
    assert {name for name, _ in names.asked} <= {RECORD, HOST, "localhost"}


def test_what_was_found_is_kept_and_proof_makes_it_lead(domain, names):
    at = now()
    actions.settle_domain(domain, lookup.look(domain), by=job("test"), at=at)
    domain.refresh_from_db()
    assert (domain.checked_at, domain.finding, domain.is_verified) == (at, "missing", False)
    assert not Domain.objects.filter(host=HOST).exists()
    names.says(RECORD, "TXT", f'"{domain.token}"')
    for _ in range(2):
        actions.settle_domain(domain, lookup.look(domain), by=job("test"), at=now())
    assert Domain.objects.get(host=HOST).is_primary is False
    with pytest.raises(Conflict):  # verified, but it leads nowhere: links must not begin with it
        actions.make_primary(domain.clinic, HOST, by=job("test"), at=now())
    names.says(HOST, "CNAME", "localhost.")
    actions.settle_domain(domain, lookup.look(domain), by=job("test"), at=now())
    actions.make_primary(domain.clinic, HOST, by=job("test"), at=now())
    names.records.clear()  # the record may go again
    actions.settle_domain(domain, lookup.look(domain), by=job("test"), at=now())
    domain.refresh_from_db()
    assert (domain.is_verified, domain.finding, domain.way) == (True, "missing", "nowhere")


@pytest.mark.own_clinic
def test_a_check_needs_no_transaction_of_the_callers(new_clinic, names, monkeypatch):
    """As on a page: nothing around it, and what is written is there when the worker looks."""
    house = new_clinic("glow", cast=False)
    sent: list[list[str]] = []
    monkeypatch.setattr(actions.current_app, "send_task", lambda name, args: sent.append(args))
    with enter_public():
        clinic = Clinic.objects.get(pk=house.clinic.pk)
        row = actions.ask_domain(clinic, f"book.{house.clinic.slug}.com", by=job("test"), at=now())
        actions.check_domain(row, by=job("test"), at=now())
        assert sent == [[str(row.uid), None]]
        actions.settle_domain(row, lookup.look(row), by=job("test"), at=now())
        row.refresh_from_db()
        assert row.finding == Finding.MISSING
        row.delete()


def test_a_host_that_was_released_and_asked_for_again_needs_a_new_proof(domain, names):
    """What was found for the first request says nothing of the second one."""
    names.says(RECORD, "TXT", f'"{domain.token}"')
    seen, old = lookup.look(domain), CustomDomain.objects.get(pk=domain.pk)
    actions.release_domain(domain, by=job("test"), at=now())
    again = actions.ask_domain(old.clinic, HOST, by=job("test"), at=now())
    actions.settle_domain(old, seen, by=job("test"), at=now())
    again.refresh_from_db()
    assert not again.is_verified
    assert not Domain.objects.filter(host=HOST).exists()

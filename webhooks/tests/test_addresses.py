"""Where a webhook may go: every way into a private network that is known to us is refused, saved or sent."""

from ipaddress import ip_address

import pytest

from webhooks import addresses
from webhooks.addresses import AddressProblem, find_target

INSIDE = [
    "https://127.0.0.1/", "https://localhost/", "https://127.1/", "https://0x7f.1/", "https://2130706433/",
    "https://017700000001/", "https://0.0.0.0/", "https://0/", "https://10.0.0.8/", "https://172.16.3.4/",
    "https://192.168.1.1/", "https://169.254.169.254/latest/meta-data/", "https://2852039166/",
    "https://0xa9fea9fe/", "https://100.64.0.1/", "https://198.18.0.1/", "https://192.0.0.170/",
    "https://192.0.2.1/", "https://198.51.100.1/", "https://203.0.113.9/", "https://224.0.0.1/",
    "https://239.255.255.250/", "https://240.0.0.1/", "https://255.255.255.255/", "https://[::1]/", "https://[::]/",
    "https://[::ffff:127.0.0.1]/", "https://[::ffff:169.254.169.254]/", "https://[::ffff:a9fe:a9fe]/",
    "https://[64:ff9b::169.254.169.254]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/",
    "https://[2002:a9fe:a9fe::]/", "https://[fe80::1]/", "https://[fc00::1]/", "https://[fd00:ec2::254]/",
    "https://[fec0::1]/", "https://[ff02::1]/", "https://[2001:db8::1]/", "https://[::127.0.0.1]/",
]  # fmt: skip


@pytest.fixture(autouse=True)
def production(settings):
    settings.WEBHOOKS_TO_LOOPBACK = False


@pytest.mark.parametrize("url", INSIDE)
def test_private_networks_are_refused(url):
    with pytest.raises(AddressProblem) as refused:
        find_target(url)
    assert refused.value.code in {
        "not_public",
        "unknown_host",
    }  # some systems do not read the odd forms at all


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://8.8.8.8/", "not_https"),
        ("ftp://8.8.8.8/", "not_https"),
        ("file:///etc/passwd", "not_https"),
        ("https://user:word@8.8.8.8/", "credentials"),
        ("https://8.8.8.8@127.0.0.1/", "credentials"),
        ("https://8.8.8.8/#part", "fragment"),
        ("https:///path", "invalid"),
        ("https://8.8.8.8:99999/", "invalid"),
        ("https://[::1/", "invalid"),
        ("https://8.8.8.8/\r\nX: 1", "invalid"),
        ("https://8.8.8.8/ a", "invalid"),
        ("https://8.8.8.8\\@127.0.0.1/", "invalid"),
        ("https://①②⑦.0.0.1/", "invalid"),
        ("https://8.8.8.8/" + "a" * 500, "too_long"),
        ("https://no-such-host.invalid/", "unknown_host"),
    ],
)
def test_what_is_no_address_is_told(url, code):
    with pytest.raises(AddressProblem) as refused:
        find_target(url)
    assert refused.value.code == code


def test_a_public_address_is_taken():
    target = find_target("https://8.8.8.8:8443/in?x=1")
    assert (target.ip, target.port, target.path, target.host_header) == (
        "8.8.8.8",
        8443,
        "/in?x=1",
        "8.8.8.8:8443",
    )
    assert find_target("https://[2606:4700::1111]").host_header == "[2606:4700::1111]"


def test_one_private_address_among_public_ones_is_enough(monkeypatch):
    found = [ip_address("8.8.8.8"), ip_address("10.0.0.1")]
    monkeypatch.setattr(addresses, "resolve", lambda host, port: found)
    with pytest.raises(AddressProblem):
        find_target("https://both.example/")


def test_loopback_is_for_development_only(settings):
    settings.WEBHOOKS_TO_LOOPBACK = True
    assert find_target("http://127.0.0.1:9/").ip == "127.0.0.1"
    for url in ("http://8.8.8.8/", "http://10.0.0.1/", "http://169.254.169.254/"):
        with pytest.raises(AddressProblem):
            find_target(url)


def test_production_refuses_to_start_with_loopback():
    import os
    import subprocess
    import sys

    env = {
        **os.environ,
        "DJANGO_ENV": "production",
        "SECRET_KEY": "x" * 60,
        "WEBHOOKS_TO_LOOPBACK": "1",
        "DATABASE_URL": "postgresql://a@b/c",
        "VAULT_DATABASE_URL": "postgresql://a@b/d",
        "SANDBOX_URL": "",
        "PUBLIC_RATE_LIMIT": "1",
    }
    env.pop("OWNER_DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-c", "import medspa.settings"], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "WEBHOOKS_TO_LOOPBACK" in done.stderr

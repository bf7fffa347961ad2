"""What every vendor client shares about connections: how long to wait, when to go round a proxy."""

from urllib.parse import urlsplit

import requests

TIMEOUTS = (2.0, 10.0)  # to connect, to wait for a byte


def session_for(base_url: str) -> requests.Session:
    """A session for one vendor; loopback is never reached through a proxy of the environment."""
    session = requests.Session()
    host = urlsplit(base_url).hostname or ""
    session.trust_env = not (host in {"127.0.0.1", "::1", "localhost"} or host.endswith(".localhost"))
    return session

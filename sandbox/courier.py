"""Carries webhooks to the application: signs as the providers do, dials loopback, tries again.

Names under `localhost` do not resolve outside browsers, so the connection goes to the webhook base
and the name travels in the Host header, as the application expects it.
"""

import base64
import hashlib
import heapq
import hmac
import http.client
import itertools
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlencode, urlsplit

from sandbox.config import LOOPBACK, Config

logger = logging.getLogger(__name__)
TIMEOUT = 15
WORKERS = 4
ANSWER_LIMIT = 65_536


class NoAnswer(Exception):
    """The application could not be reached, or did not answer in time."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    content_type: str

    @property
    def fine(self) -> bool:
        return 200 <= self.status < 300


class Courier:
    def __init__(self, config: Config) -> None:
        self._config = config
        self._jobs: list[tuple[float, int, Callable[[], None]]] = []
        self._turn = itertools.count()
        self._news = threading.Condition()
        for number in range(WORKERS):
            threading.Thread(target=self._work, name=f"courier-{number}", daemon=True).start()

    def after(self, seconds: float, job: Callable[[], None]) -> None:
        with self._news:
            heapq.heappush(self._jobs, (time.monotonic() + seconds, next(self._turn), job))
            self._news.notify()

    def insist(self, send: Callable[[], Answer], pauses: tuple[float, ...]) -> None:
        """Send now and, unless the answer is fine, again after each pause."""
        try:
            if send().fine:
                return
        except NoAnswer:
            logger.info("a webhook found nobody")
        if pauses:
            self.after(pauses[0], lambda: self.insist(send, pauses[1:]))

    def _work(self) -> None:
        while True:
            job = self._next_job()
            try:
                job()
            except Exception:
                logger.exception("a webhook could not be carried")

    def _next_job(self) -> Callable[[], None]:
        with self._news:
            while not self._jobs or self._jobs[0][0] > time.monotonic():
                self._news.wait(self._jobs[0][0] - time.monotonic() if self._jobs else None)
            return heapq.heappop(self._jobs)[2]

    # --- what is carried -------------------------------------------------------------------------

    def hook(self, path: str) -> str:
        """A webhook's address as the application names it."""
        return f"{self._config.public_base}{path}"

    def post_twilio(self, url: str, form: Mapping[str, str], token: str) -> Answer:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": twilio_signature(url, form, token),
            "User-Agent": "TwilioProxy/1.1",
        }
        return self._post(url, urlencode(form).encode(), headers)

    def post_svix(self, url: str, body: bytes, id_: str) -> Answer:
        at = int(time.time())
        headers = {
            "Content-Type": "application/json",
            "svix-id": id_,
            "svix-timestamp": str(at),
            "svix-signature": svix_signature(self._config.signing_secret, id_, at, body),
            "User-Agent": "Svix-Webhooks/1.0",
        }
        return self._post(url, body, headers)

    def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        parts = urlsplit(url)
        connection = self._connection(parts)
        target = parts.path or "/"
        try:
            named = {**headers, "Host": parts.netloc}
            connection.request("POST", f"{target}?{parts.query}" if parts.query else target, body, named)
            answer = connection.getresponse()
            text = answer.read(ANSWER_LIMIT).decode("utf-8", "replace")
            return Answer(answer.status, text, answer.headers.get_content_type())
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(f"The application did not answer ({type(error).__name__}).") from error
        finally:
            connection.close()

    def _connection(self, named: SplitResult) -> http.client.HTTPConnection:
        """To the webhook base for its public name, to this machine for its own; to nobody else."""
        base, dialled = urlsplit(self._config.webhook_base), named
        host = named.hostname or ""
        local = host in LOOPBACK or host.endswith(".localhost")
        if named.netloc == urlsplit(self._config.public_base).netloc or (
            local and base.hostname not in LOOPBACK
        ):
            dialled = base
        elif not local and host != base.hostname:
            raise NoAnswer(f"{host} is not this machine; a sandbox calls nobody else.")
        secure = dialled.scheme == "https"
        address = dialled.hostname or ""
        if address.endswith("localhost"):
            address = "127.0.0.1"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        return kind(address, dialled.port or (443 if secure else 80), timeout=TIMEOUT)


def twilio_signature(url: str, form: Mapping[str, str], token: str) -> str:
    signed = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def svix_signature(secret: str, id_: str, at: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_") + "==")
    digest = hmac.new(key, f"{id_}.{at}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"

"""One POST to an address that was judged: no proxy, no redirect, no more time or bytes than we give."""

import http.client
import socket
import ssl
import threading
from dataclasses import dataclass
from typing import Final

from webhooks.addresses import Target

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 8.0
DEADLINE_SECONDS: Final = 12.0  # a receiver that sends a byte every seven seconds ends here
MOST_READ: Final = 16_384


@dataclass(frozen=True)
class Answer:
    """What came back: a status, or a word for what went wrong before there was one."""

    status: int | None
    error: str = ""

    @property
    def is_accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def was_reached(self) -> bool:
        return self.status is not None


class _Pinned(http.client.HTTPConnection):
    """Dials the address of the target; the name is for the certificate and the Host header only."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=CONNECT_SECONDS)
        self.target = target

    def connect(self) -> None:
        plain = socket.create_connection((self.target.ip, self.target.port), timeout=CONNECT_SECONDS)
        try:
            plain.settimeout(READ_SECONDS)
            if self.target.scheme == "https":
                plain = ssl.create_default_context().wrap_socket(plain, server_hostname=self.target.host)
        except BaseException:
            plain.close()
            raise
        self.sock = plain

    def cut(self) -> None:
        sock = self.sock
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it has ended by itself


def post(target: Target, body: bytes, headers: dict[str, str]) -> Answer:
    """Never raises for what a receiver or the network does."""
    connection = _Pinned(target)
    clock = threading.Timer(DEADLINE_SECONDS, connection.cut)
    clock.daemon = True
    clock.start()
    try:
        connection.request(
            "POST",
            target.path,
            body,
            {
                "Host": target.host_header,
                "Content-Type": "application/json",
                "User-Agent": "medspa-webhooks/1",
                "Connection": "close",
                **headers,
            },
        )
        answer = connection.getresponse()
        answer.read(MOST_READ)
        return Answer(answer.status, "redirect" if 300 <= answer.status < 400 else "")
    except TimeoutError:
        return Answer(None, "timeout")
    except ssl.SSLCertVerificationError:
        return Answer(None, "certificate")
    except ssl.SSLError:
        return Answer(None, "tls")
    except ConnectionRefusedError:
        return Answer(None, "refused")
    except (OSError, http.client.HTTPException, ValueError):
        return Answer(None, "broken" if clock.is_alive() else "timeout")
    finally:
        clock.cancel()
        connection.close()

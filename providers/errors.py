"""The one way a provider fails: which code, for good or not, and whether anything can have left."""

import ssl
from typing import Literal

import requests
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

Sent = Literal["no", "unknown"]


class ProviderError(Exception):
    """`sent` is "no" when the provider surely did not take the message, else "unknown".

    `permanent`: the same request will fail again, do not repeat it. The message is ours and holds
    no word of the provider's, which likes to quote the number or address.
    """

    def __init__(
        self, provider: str, code: str, *, permanent: bool, sent: Sent, opted_out: bool = False
    ) -> None:
        super().__init__(provider, code)
        self.provider = provider
        self.code = code
        self.permanent = permanent
        self.sent: Sent = sent
        self.opted_out = opted_out

    @property
    def message(self) -> str:
        outcome = "was not sent" if self.sent == "no" else "may have been sent"
        return f"{self.provider}: {self.code}; the message {outcome}"

    def __str__(self) -> str:
        return self.message


class BadWebhook(ValueError):
    """A webhook that is not signed as the provider signs, or lacks what the provider always sends."""


def from_status(provider: str, status: int, code: str, *, passing: frozenset[int]) -> ProviderError:
    """An HTTP answer that is not a success; `passing` statuses may succeed later."""
    refused = 400 <= status < 500
    return ProviderError(
        provider,
        code,
        permanent=refused and status not in passing,
        sent="no" if refused else "unknown",
    )


def from_transport(provider: str, error: requests.RequestException) -> ProviderError:
    """No answer at all: only a connection that was never made is sure not to have carried anything."""
    if isinstance(error, ValueError) and not isinstance(error, requests.exceptions.InvalidJSONError):
        return ProviderError(provider, "bad_request", permanent=True, sent="no")  # refused by requests itself
    never_connected = isinstance(error, requests.ConnectTimeout) or any(
        isinstance(cause, NewConnectionError | ConnectTimeoutError | ssl.SSLCertVerificationError)
        for cause in _causes(error)
    )
    if never_connected:
        return ProviderError(provider, "no_connection", permanent=False, sent="no")
    code = "timeout" if isinstance(error, requests.Timeout) else "connection_lost"
    return ProviderError(provider, code, permanent=False, sent="unknown")


def _causes(error: BaseException) -> list[object]:
    """The error's arguments and reasons, where requests and urllib3 hide what really happened."""
    found: list[object] = []
    todo: list[object] = [error]
    while todo:
        current = todo.pop()
        if current in found:
            continue
        found.append(current)
        if isinstance(current, requests.RequestException | HTTPError):
            todo += [
                arg for arg in (*current.args, getattr(current, "reason", None)) if isinstance(arg, Exception)
            ]
    return found

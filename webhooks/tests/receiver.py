"""Somebody else's server, on loopback: it answers as it is told and keeps what it got."""

import base64
import contextlib
import hashlib
import hmac
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Call:
    path: str
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def id(self):
        return self.headers["webhook-id"]


@dataclass
class Receiver:
    """`answers` is what the next calls get, the last of it for ever: a status, or seconds to be silent."""

    answers: list = field(default_factory=lambda: [204])
    calls: list = field(default_factory=list)
    extra: dict = field(default_factory=dict)
    body: bytes = b"ok"

    def __post_init__(self):
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                outer.calls.append(Call(self.path, {k.lower(): v for k, v in self.headers.items()}, raw))
                wanted = outer.answers.pop(0) if len(outer.answers) > 1 else outer.answers[0]
                if isinstance(wanted, float):
                    time.sleep(wanted)
                    wanted = 204
                self.send_response(wanted)
                for name, value in outer.extra.items():
                    self.send_header(name, value)
                body = b"" if wanted == 204 else outer.body
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with contextlib.suppress(OSError):  # who hangs up in the middle
                    self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/hook?key=1"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def is_genuine(call, secret, *, now=None):
    """What docs/webhooks.md tells a receiver to do, with nothing of ours."""
    message_id, moment = call.headers["webhook-id"], call.headers["webhook-timestamp"]
    if abs((now or time.time()) - int(moment)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = message_id.encode() + b"." + moment.encode() + b"." + call.body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = call.headers["webhook-signature"].split()
    return any(hmac.compare_digest(f"v1,{expected}", one) for one in given)

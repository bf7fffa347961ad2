"""HTTP around the application of this package: limits, headers, one thread a connection."""

import logging
import socket
import struct
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from sandbox.app import App
from sandbox.wire import BODY_LIMIT, CSP, ConnectionCut, Request, Response, json_response

logger = logging.getLogger(__name__)
IDLE_SECONDS = 60


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512  # hundreds of senders may arrive at once
    allow_reuse_address = True

    def __init__(self, app: App) -> None:
        self.app = app
        super().__init__((app.config.host, app.config.port), Handler)

    @property
    def url(self) -> str:
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "sandbox"
    sys_version = ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    server: Server

    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            self.close_connection = True  # the other side left

    def do_GET(self) -> None:
        self._answer()

    do_POST = do_HEAD = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - names of the base class

    def _answer(self) -> None:
        body = self._body()
        if isinstance(body, Response):
            self.close_connection = True
            self._write(body)
            return
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=unquote(parts.path),
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )
        try:
            response = self.server.app.answer(request)
        except ConnectionCut:
            self._cut()
            return
        except Exception:
            logger.exception("a request failed")
            response = json_response(500, {"error": "The sandbox failed; its log says how."})
        self._write(response)

    def _body(self) -> bytes | Response:
        if "transfer-encoding" in self.headers:
            return json_response(411, {"error": "A Content-Length is needed."})
        length = self.headers.get("content-length", "0")
        if not length.isdigit():
            return json_response(400, {"error": "Content-Length is not a number."})
        if int(length) > BODY_LIMIT:
            return json_response(413, {"error": f"The body is larger than {BODY_LIMIT} bytes."})
        return self.rfile.read(int(length))

    def _write(self, response: Response) -> None:
        self.send_response(response.status)
        headers = {
            "Content-Type": response.content_type,
            "Content-Length": str(len(response.body)),
            "Cache-Control": "no-store",
            "Content-Security-Policy": CSP,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",  # without one a browser hides the Origin of our own form
            **response.headers,
        }
        if self.close_connection:
            headers["Connection"] = "close"
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def _cut(self) -> None:
        """Closing without lingering sends a reset instead of an end."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - name of the base class
        """Nothing: request lines hold numbers and addresses."""

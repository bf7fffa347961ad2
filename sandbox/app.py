"""Which path does what. A provider's paths answer in that provider's form, ours in plain JSON."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from sandbox import openai, outbox, pages, resend, twilio
from sandbox.config import Config
from sandbox.courier import Courier
from sandbox.faults import Faults, read_fault
from sandbox.simulate import Simulation
from sandbox.store import Store
from sandbox.wire import BadRequest, Request, Response, html_response, json_response, redirect

STYLE = Path(__file__).with_name("outbox.css").read_bytes()


class App:
    def __init__(self, config: Config) -> None:
        self.config = config
        self.store = Store(config.state)
        self.faults = Faults()
        courier = Courier(config)
        self.twilio = twilio.Twilio(config, self.store, courier)
        self.resend = resend.Resend(config, self.store, courier)
        self.openai = openai.OpenAI(config)
        self.simulation = Simulation(config, self.store, courier, self.twilio, self.resend)
        self.twilio.resume()
        self.resend.resume()
        self._ours: dict[tuple[str, str], Callable[[Request], Response]] = {
            ("GET", "/"): lambda _: redirect("/outbox/"),
            ("GET", "/livez"): lambda _: json_response(200, {"status": "ok"}),
            ("GET", "/outbox.json"): lambda request: json_response(
                200, outbox.rows(self.store, request.query)
            ),
            ("GET", "/outbox/"): self._page,
            ("GET", "/outbox"): lambda _: redirect("/outbox/"),
            ("GET", "/outbox/style.css"): lambda _: Response(200, STYLE, "text/css; charset=utf-8"),
            ("POST", "/outbox/reply"): self._reply,
            ("POST", "/simulate/sms"): lambda request: self.simulation.text(request.json_object()),
            ("POST", "/simulate/whatsapp"): lambda request: self.simulation.text(
                request.json_object(), whatsapp=True
            ),
            ("POST", "/simulate/call"): lambda request: self.simulation.call(request.json_object()),
            ("POST", "/simulate/status"): lambda request: self.simulation.status(request.json_object()),
            ("POST", "/simulate/fault"): self._arm,
            ("POST", "/reset"): self._reset,
        }

    def answer(self, request: Request) -> Response:
        if request.path == openai.PATH:
            return self._provider("openai", self.openai, openai.fault, request)
        if request.path.startswith(("/2010-04-01", "/v1/", "/v2/")):
            return self._provider("twilio", self.twilio, twilio.fault, request)
        if request.path.startswith(resend.ROOTS):
            return self._provider("resend", self.resend, resend.fault, request)
        try:
            return self._own(request)
        except BadRequest as problem:
            return json_response(400, {"error": str(problem), "problems": problem.problems})

    def _provider(
        self,
        name: str,
        provider: twilio.Twilio | resend.Resend | openai.OpenAI,
        refuse: Callable[[int, str], Response],
        request: Request,
    ) -> Response:
        fault = self.faults.take(name, sending=provider.sends(request))
        if fault is None:
            return provider.answer(request)
        return fault.play(lambda: provider.answer(request), refuse)

    def _own(self, request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        room = self._ours.get((method, request.path))
        if room is None and method == "GET" and request.path.startswith("/outbox/"):
            return self._part(request.path.removeprefix("/outbox/"))
        if room is None:
            known = any(path == request.path for _, path in self._ours)
            error = "This path takes another method." if known else "There is nothing at this path."
            return json_response(405 if known else 404, {"error": error})
        if method == "POST":
            _refuse_foreign_page(request)
        return room(request)

    def _page(self, request: Request) -> Response:
        query = {"direction": "all", **request.query}
        try:
            entries = outbox.chosen(self.store, query)
        except BadRequest as problem:
            return html_response(400, pages.problem(str(problem)))
        return html_response(200, pages.outbox(entries, request.query, self.faults.shown()))

    def _part(self, rest: str) -> Response:
        """/outbox/<id>/mail/ and /outbox/<id>/<number of the attachment>/"""
        id_, _, part = rest.strip("/").partition("/")
        entry = self.store.get(id_)
        if entry is None or entry.kind != "email":
            return html_response(404, pages.problem("There is no such message; it may have been reset."))
        if part == "mail" and entry.details["html"]:
            return pages.mail(entry)
        attachments: list[dict[str, Any]] = entry.details["attachments"]
        if part.isdigit() and int(part) < len(attachments):
            return pages.attachment(attachments[int(part)])
        return html_response(404, pages.problem("This message has no such part."))

    def _reply(self, request: Request) -> Response:
        form = request.form()
        answer = self.simulation.text(form, whatsapp=form.get("kind") == "whatsapp")
        result = json.loads(answer.body)["status"] if answer.status == 200 else "none"
        return redirect(f"/outbox/?{urlencode({'to': form.get('from', ''), 'reply': result})}")

    def _arm(self, request: Request) -> Response:
        self.faults.arm(read_fault(request.json_object()))
        return json_response(200, {"armed": self.faults.shown()})

    def _reset(self, _: Request) -> Response:
        self.faults.clear()
        self.store.reset()
        return json_response(200, {"status": "reset"})


def _refuse_foreign_page(request: Request) -> None:
    """Programs send no Origin; a browser on another site's page does."""
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise BadRequest("A page of another site may not do this.")

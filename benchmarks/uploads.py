"""Peak memory of one web worker while four files of 12 MiB come and two go out at once, over what it holds when idle."""

import http.client
import time
from pathlib import Path
from threading import Thread
from typing import Any

from benchmarks.measure import in_parallel, report
from benchmarks.stage import Served, Stage

TOKEN = "medspa-bench-uploads-token"
MIB = 1024 * 1024
SIZE = 12 * MIB
UPLOADS, OPENS, ROUNDS = 4, 2, 4
MOST = 96
EDGE = "medspa-bench-edge"


def run(stage: Stage) -> bool:
    from medspa.embedded.s3 import S3Server, free_port

    store = S3Server(stage.folder / "s3", port=free_port())
    store.popen()
    store.wait_ready()
    slug, patient = build()
    # Six at once want six threads; everything else is as in production.
    more = {"WEB_PROCESSES": "1", "WEB_THREADS": str(UPLOADS + OPENS), "DB_POOL": str(UPLOADS + OPENS)}
    ports = [stage.serve("medspa.wsgi:application", **more, **store.addresses) for _ in range(2)]
    # What is opened came by another worker: the one that is measured has seen nothing large yet.
    before, served = ports
    opened = [Visitor(before.port, f"{slug}.localhost", patient).send(pdf(SIZE)) for _ in range(OPENS)]
    visitor = Visitor(served.port, f"{slug}.localhost", patient)
    small = visitor.send(pdf(MIB // 16))
    worker = only_child(served)
    in_parallel(
        UPLOADS + OPENS, lambda _number: visitor.send(pdf(MIB // 16))
    )  # libraries and connections are there
    in_parallel(UPLOADS + OPENS, lambda _number: visitor.fetch(small, 0))
    time.sleep(1)
    base = worker.now()
    worker.forget_peak()
    with Watch(worker) as watch:
        for _round in range(ROUNDS):
            in_parallel(UPLOADS + OPENS, lambda number: one(visitor, number, opened))
    store.stop()
    by_samples = (watch.peak - base["Pss"]) / 1024
    by_kernel = (worker.peak() - base["Rss"]) / 1024  # to the page, and also what no sample caught
    return all(
        [
            report("uploads: peak PSS over base, sampled", by_samples, "MiB", MOST, 1.0),
            report("uploads: peak RSS over base, by the kernel", by_kernel, "MiB", MOST, 1.0),
        ]
    )


def one(visitor: "Visitor", number: int, opened: list[str]) -> None:
    if number < UPLOADS:
        visitor.send(pdf(SIZE))
    else:
        visitor.fetch(opened[number - UPLOADS], SIZE)


class Visitor:
    """A program that files documents and opens them."""

    def __init__(self, port: int, host: str, patient: str) -> None:
        self.port, self.host, self.patient = port, host, patient

    def send(self, data: memoryview) -> str:
        fields = {"patient": self.patient, "kind": "lab", "title": "Result"}
        head = "".join(
            f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        head += f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
        foot = f"\r\n--{EDGE}--\r\n".encode()
        connection = self._connection()
        connection.putrequest("POST", "/api/v1/documents/", skip_host=True)
        for name, value in {
            **self._headers(),
            "Content-Type": f"multipart/form-data; boundary={EDGE}",
            "Content-Length": str(len(head.encode()) + len(data) + len(foot)),
        }.items():
            connection.putheader(name, value)
        connection.endheaders(head.encode())
        connection.send(data)
        connection.send(foot)
        return str(self._answer(connection, 201)["content"])

    def fetch(self, path: str, size: int) -> None:
        """503 is an answer too: come back in a moment."""
        while True:
            connection = self._connection()
            connection.request("GET", path, headers=self._headers())
            answer = connection.getresponse()
            read = 0
            while piece := answer.read(65_536):
                read += len(piece)
            connection.close()
            if answer.status == 200:
                assert not size or read >= size, read
                return
            assert answer.status == 503, answer.status
            time.sleep(0.2)

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def _headers(self) -> dict[str, str]:
        return {"Host": f"{self.host}:{self.port}", "Authorization": f"Bearer {TOKEN}"}

    def _answer(self, connection: http.client.HTTPConnection, wanted: int) -> Any:
        import json

        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != wanted:
            raise RuntimeError(f"answered {answer.status}: {body[:300]!r}")
        return json.loads(body)


class Worker:
    """What the kernel says of one process's memory, in KiB."""

    def __init__(self, pid: int) -> None:
        self.folder = Path("/proc") / str(pid)

    def now(self) -> dict[str, int]:
        lines = (self.folder / "smaps_rollup").read_text().splitlines()[1:]
        return {line.split(":")[0]: int(line.split()[1]) for line in lines if line.endswith("kB")}

    def forget_peak(self) -> None:
        (self.folder / "clear_refs").write_text("5")

    def peak(self) -> int:
        lines = (self.folder / "status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


class Watch:
    """The largest PSS of all moments looked at."""

    def __init__(self, worker: Worker) -> None:
        self.worker, self.peak, self.going = worker, 0, True
        self.thread = Thread(target=self._look)

    def _look(self) -> None:
        while self.going:
            self.peak = max(self.peak, self.worker.now()["Pss"])
            time.sleep(0.004)

    def __enter__(self) -> "Watch":
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.going = False
        self.thread.join()


def only_child(served: Served) -> Worker:
    found = Path(f"/proc/{served.pid}/task/{served.pid}/children").read_text().split()
    assert len(found) == 1, found
    return Worker(int(found[0]))


def pdf(size: int) -> memoryview:
    """A PDF of just that size: one page, and a long stream nobody looks into."""
    head = b"%PDF-1.7\n1 0 obj\n<< /Length 0 >>\nstream\n"
    foot = b"\nendstream\nendobj\ntrailer << /Size 2 >>\nstartxref\n0000009\n%%EOF\n"
    return memoryview(head + b"\x11" * (size - len(head) - len(foot)) + foot)


def build() -> tuple[str, str]:
    """A clinic with its agreement, an owner with a token, and one patient."""
    from accounts.models import ApiToken, User
    from accounts.roles import permissions_of_role
    from accounts.tokens import token_hash
    from audit.actors import job
    from core.clock import now
    from patients import actions
    from patients.rules import Details
    from practice import actions as practice
    from tenants import provisioning
    from tenants.context import enter

    at, by = now(), job("bench")
    clinic = provisioning.create_clinic(slug="uploads", name="Uploads", is_demo=True)
    provisioning.sign_baa(clinic, signer_name="Ben", at=at)
    with enter(clinic):
        practice.update_profile(name="Uploads", phone="+15125550100", by=by)
        practice.create_location(name="Main", timezone="America/Chicago", state="TX", by=by)
        user = User.objects.create(
            email="ben@uploads.example", display_name="Ben", role="owner", created_at=at
        )
        ApiToken.objects.create(
            user=user,
            name="bench",
            token_hash=token_hash(TOKEN),
            prefix=TOKEN[:10],
            scopes=sorted(permissions_of_role("owner")),
            created_at=at,
        )
        patient = Details("Pat", "Peterson", "pat@example.com", "+15125550123")
        person = actions.create_people([patient], by=by, at=at)[0]
    return clinic.slug, str(person.uid)

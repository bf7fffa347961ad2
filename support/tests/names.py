"""A name server on loopback: it says what it is told to, and keeps what it was asked."""

import contextlib
import socket
import threading

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


class NameServer:
    def __init__(self) -> None:
        self.records: dict[tuple[str, str], list[str]] = {}
        self.asked: list[tuple[str, str]] = []
        self.silent: set[str] = set()
        self.faulty: set[str] = set()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.socket.getsockname()[1]}"

    def says(self, name: str, kind: str, *records: str) -> None:
        """As in a zone file; none: the name is there, without such a record."""
        self.records[name, kind] = list(records)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                data, sender = self.socket.recvfrom(4096)
                if not data:
                    return  # shut down
                answer = self._answer(dns.message.from_wire(data))
                if answer is not None:
                    self.socket.sendto(answer.to_wire(), sender)
            except OSError:
                return

    def _answer(self, query: dns.message.Message) -> dns.message.Message | None:
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        if name in self.silent:
            return None
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        if name in self.faulty:
            answer.set_rcode(dns.rcode.SERVFAIL)
            return answer
        known = {known for known, _ in self.records}
        hops = 0
        while (alias := self.records.get((name, "CNAME"))) and kind != "CNAME" and hops < 9:
            answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "CNAME", *alias))
            name, hops = alias[0].rstrip("."), hops + 1
        if records := self.records.get((name, kind)):
            answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", kind, *records))
        elif name not in known and not hops:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer

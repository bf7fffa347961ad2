"""Who acts: a person of the clinic, a patient, a visitor, a program, a job."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    STAFF = "staff"
    PATIENT = "patient"
    VISITOR = "visitor"
    TOKEN = "token"  # noqa: S105  a kind of actor
    JOB = "job"
    SUPPORT = "support"
    PLATFORM = "platform"


@dataclass(frozen=True)
class Actor:
    """`id` is an id or a job's name, never a person's name or address."""

    kind: ActorKind
    id: str
    on_behalf: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


VISITOR = Actor(ActorKind.VISITOR, "web")


def job(name: str) -> Actor:
    return Actor(ActorKind.JOB, name)

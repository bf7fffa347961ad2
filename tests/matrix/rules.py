"""What an address may say of who opens it."""

from dataclasses import dataclass, field

GET = ("get",)
POST = ("post",)
BOTH = ("get", "post")
OWN_STEPS = ("cancel", "reschedule")


@dataclass(frozen=True)
class Anyone:
    methods: tuple[str, ...] = ("get",)
    object: str = ""
    query: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Staff:
    """`object` names what the id in the address is of; such an address answers 404 to whoever may not."""

    permission: str
    object: str = ""
    methods: tuple[str, ...] = ("get",)
    query: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Api:
    """`patient`: the methods that a patient's own session may use too, for what is the patient's own."""

    permission: str
    object: str = ""
    methods: tuple[str, ...] = ("get",)
    write: str = ""
    query: dict[str, str] = field(default_factory=dict)
    patient: tuple[str, ...] = ()


@dataclass(frozen=True)
class SignIn:
    methods: tuple[str, ...] = ("get",)


@dataclass(frozen=True)
class Own:
    """A page of whoever is signed in, whatever the role."""

    methods: tuple[str, ...] = ("get",)
    object: str = ""
    query: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Platform:
    """A page of the platform's own staff. `object` names what the id is of."""

    permission: str
    object: str = ""
    methods: tuple[str, ...] = ("get",)


@dataclass(frozen=True)
class Hook:
    methods: tuple[str, ...] = ("post",)


@dataclass(frozen=True)
class Link:
    methods: tuple[str, ...] = ("get",)


@dataclass(frozen=True)
class Patient:
    """A page of the portal; an id in the address is of something that is the patient's own, or 404."""

    methods: tuple[str, ...] = ("get",)
    object: str = ""


Rule = Anyone | Staff | Api | SignIn | Own | Platform | Hook | Link | Patient

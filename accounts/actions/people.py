"""People come, change and go."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import notices, passwords, signals
from accounts.actions.ranks import detail_of, refuse_above_own_rank
from accounts.actions.signing_in import close_sessions
from accounts.actions.tokens import revoke_token
from accounts.actors import actor_for, person_behind
from accounts.models import Invitation, SignIn, User
from accounts.roles import PLATFORM_ROLES, TOP_ROLES, Role
from audit.actors import Actor
from audit.trail import record
from core.context import current_clinic
from core.emails import EmailProblem, normalise_email
from core.phones import PhoneProblem, parse_phone
from core.problems import Conflict, Failure, Invalid, failure
from core.text import TextProblem, clean_text


@transaction.atomic
def create_user(
    *, email: str, display_name: str, role: str, by: Actor, at: datetime, password: str | None = None
) -> User:
    """A new person. Without a password, sign-in is by mailed code."""
    user = new_user(email=email, display_name=display_name, role=role, at=at)
    refuse_above_own_rank(by, role)
    insert(user, password)
    record("user.created", by=by, on=user, at=at, detail=detail_of(role=role))
    return user


def new_user(*, email: str, display_name: str, role: str, at: datetime) -> User:
    """The person as asked for, not saved; Invalid with everything that is wrong."""
    user = User(role=role, created_at=at)
    errors: list[Failure] = []
    user.email = _email(email, errors)
    user.display_name = _name(display_name, errors)
    if not is_role_here(role):
        errors.append(failure("role", "unknown", _("There is no such role here.")))
    if errors:
        raise Invalid(errors=errors)
    return user


def insert(user: User, password: str | None) -> None:
    """Save a new person, with the password checked first."""
    if password is None:
        user.set_unusable_password()
    else:
        passwords.check(password, user)
        user.password = passwords.hash_of(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        taken = failure("email", "taken", _("Somebody here has this email address already."))
        raise Invalid(errors=[taken]) from None


def is_role_here(role: str) -> bool:
    """Whether the role is one of this house: the clinic's own, or the platform's."""
    return role in Role.values and (Role(role) in PLATFORM_ROLES) == (current_clinic.get() is None)


def _email(text: str, errors: list[Failure]) -> str:
    try:
        return normalise_email(text)
    except EmailProblem as problem:
        errors.append(failure("email", problem.code, problem.message))
        return ""


def _name(text: str, errors: list[Failure]) -> str:
    try:
        name = clean_text(text, 120)
    except TextProblem as problem:
        errors.append(failure("display_name", problem.code, problem.message))
        return ""
    if not name:
        errors.append(failure("display_name", "missing", _("Enter a name.")))
    return name


@transaction.atomic
def update_details(
    user: User, *, display_name: str, phone: str = "", job_title: str = "", by: Actor, at: datetime
) -> None:
    """What a person is called and how colleagues reach them; the person's own matter, or of who may change them."""
    if person_behind(by) != str(user.pk):
        refuse_above_own_rank(by, user.role)
    errors: list[Failure] = []
    user.display_name = _name(display_name, errors)
    try:
        user.job_title = clean_text(job_title, 80)
    except TextProblem as problem:
        errors.append(failure("job_title", problem.code, problem.message))
    try:
        user.phone = parse_phone(phone) if phone.strip() else ""
    except PhoneProblem as problem:
        errors.append(failure("phone", "invalid", str(problem)))
    if errors:
        raise Invalid(errors=errors)
    user.save(update_fields=["display_name", "job_title", "phone"])
    record("user.details_changed", by=by, on=user, at=at)


@transaction.atomic
def change_role(user: User, role: str, *, by: Actor, at: datetime) -> None:
    """Another role, effective with the next request."""
    _lock(user)
    if role not in Role.values or (Role(role) in PLATFORM_ROLES) != (Role(user.role) in PLATFORM_ROLES):
        raise Invalid(errors=[failure("role", "unknown", _("There is no such role here."))])
    refuse_above_own_rank(by, user.role)
    refuse_above_own_rank(by, role)
    if role == user.role:
        return
    _keep_an_owner(user, at)
    before, user.role = user.role, role
    user.save(update_fields=["role"])
    record("user.role_changed", by=by, on=user, at=at, detail=detail_of(before=before, after=role))
    notices.alert(user, signals.ROLE_CHANGED, at=at)


@transaction.atomic
def end_access(user: User, *, by: Actor, at: datetime) -> None:
    """The person is out with the next request: sessions end, tokens are revoked, their invitations are void."""
    _lock(user)
    refuse_above_own_rank(by, user.role)
    _keep_an_owner(user, at)
    user.is_active = False
    user.access_ends_at = at
    user.session_epoch += 1
    user.save(update_fields=["is_active", "access_ends_at", "session_epoch"])
    close_sessions(user, SignIn.End.CLOSED, at=at)
    for token in user.tokens.filter(revoked_at=None):
        revoke_token(token, by=by, at=at)
    Invitation.objects.undecided().filter(invited_by=user).update(withdrawn_at=at)
    record("user.access_ended", by=by, on=user, at=at)
    signals.access_ended.send(sender=User, user=user, by=by, at=at)
    notices.alert(user, signals.ACCESS_ENDED, at=at)


@transaction.atomic
def reopen_access(user: User, *, by: Actor, at: datetime) -> None:
    """The person may sign in again, in the role they had; tokens that were revoked stay so."""
    _lock(user)
    refuse_above_own_rank(by, user.role)
    if user.has_access(at):
        return
    user.is_active, user.access_ends_at = True, None
    user.save(update_fields=["is_active", "access_ends_at"])
    record("user.access_reopened", by=by, on=user, at=at)
    notices.alert(user, signals.ACCESS_REOPENED, at=at)


@transaction.atomic
def transfer_ownership(giver: User, heir: User, *, at: datetime) -> None:
    """An owner makes somebody else the owner and becomes an admin, in one step: the clinic never has none."""
    _lock(giver, heir)
    if giver.role != Role.OWNER or not giver.has_access(at):
        raise Conflict(_("Only an owner can give the ownership on."))
    if heir.pk == giver.pk or heir.role == Role.OWNER or not heir.has_access(at):
        raise Conflict(_("Choose somebody who works here now and is no owner yet."))
    by = actor_for(giver)
    before, heir.role, giver.role = heir.role, Role.OWNER, Role.ADMIN
    heir.save(update_fields=["role"])
    giver.save(update_fields=["role"])
    record("user.role_changed", by=by, on=heir, at=at, detail=detail_of(before=before, after=heir.role))
    record("user.role_changed", by=by, on=giver, at=at, detail=detail_of(before="owner", after=giver.role))
    record("ownership.transferred", by=by, on=heir, at=at)
    notices.alert(heir, signals.OWNER_ADDED, at=at)
    notices.alert(giver, signals.ROLE_CHANGED, at=at)


def _lock(*people: User) -> None:
    """The owners' rows and these, always in one order, as they are now: ranks are judged under the lock."""
    owners = User.objects.filter(role__in=TOP_ROLES).values("pk")
    wanted = User.objects.filter(pk__in=[each.pk for each in people]) | User.objects.filter(pk__in=owners)
    rows = {row.pk: row for row in wanted.select_for_update(no_key=True).order_by("pk")}
    for each in people:
        row = rows[each.pk]
        each.role, each.is_active, each.access_ends_at = row.role, row.is_active, row.access_ends_at
        each.session_epoch = row.session_epoch


def _keep_an_owner(user: User, at: datetime) -> None:
    """A clinic always has an owner who can sign in, the platform an admin; their rows are locked while we count."""
    if user.role not in TOP_ROLES:
        return
    others = User.objects.filter(role=user.role).exclude(pk=user.pk)
    if any(other.has_access(at) for other in others):
        return
    if user.role == Role.PLATFORM_ADMIN:
        raise Conflict(_("This is the last platform admin. Make somebody else one first."))
    raise Conflict(_("This is the clinic's last owner. Make somebody else an owner first."))

"""The platform's own addresses: the public site, its admin, and what vendors call."""

from tests.matrix.rules import Anyone, Hook, Link, Platform, Rule, SignIn


def _admin(model: str, view: str, **acts: str) -> dict[str, Rule]:
    """The pages of one model in the platform's admin: list, detail, history, and what can be done to a row."""
    base = f"admin/{model}/"
    found: dict[str, Rule] = {
        base: Platform(view),
        f"{base}<str:object_id>/": Platform(view, "row"),
        f"{base}<str:object_id>/history/": Platform("platform.audit", "row"),
    }
    for act, permission in acts.items():
        found[f"{base}<str:object_id>/{act}/"] = Platform(permission, "row", ("get", "post"))
    return found


PLATFORM: dict[str, Rule] = {
    "": Anyone(),
    # For programs of ours; who else asks gets 404 (medspa/tests/test_metrics.py)
    "metrics": Anyone(),
    "hosts/known": Anyone(query={"domain": "localhost"}),
    "robots.txt": Anyone(),
    "contact/": Anyone(("get", "post")),
    "signup/": Anyone(("get", "post")),
    "signup/address/": Anyone(),
    "signup/<str:token>/": Link(),
    "signup/<str:token>/retry/": Link(("post",)),
    "signup/<str:token>/mail/": Link(("post",)),
    "hipaa/agreement/": Anyone(),
    **{
        f"{page}/": Anyone() for page in ("privacy", "terms", "cookies", "security", "hipaa", "subprocessors")
    },
    # The platform's own staff
    "admin/sign-in/": SignIn(("get", "post")),
    "admin/sign-out/": SignIn(("post",)),
    "admin/two-factor/": SignIn(("get", "post")),
    "admin/two-factor/set-up/": SignIn(("get", "post")),
    "admin/join/<str:token>/": Link(),
    "admin/two-factor/recovery-codes/": Platform("platform.view"),
    "admin/password/": Platform("platform.view", methods=("get", "post")),
    "admin/confirm/": Platform("platform.view", methods=("get", "post")),
    "admin/account/": Platform("platform.view"),
    "admin/account/sign-out-everywhere/": Platform("platform.view", methods=("post",)),
    "admin/plans/": Platform("platform.view"),
    "admin/": Platform("platform.view"),
    **_admin("tenants/clinic", "platform.view", suspend="platform.suspend", reopen="platform.suspend"),
    **_admin("tenants/clinic", "platform.view", retry="platform.suspend", plan="platform.manage"),
    **_admin("tenants/provideraccount", "platform.view", renew="platform.manage"),
    **_admin("support/customdomain", "platform.view", check="platform.manage", primary="platform.manage"),
    **_admin("support/customdomain", "platform.view", release="platform.manage"),
    **_admin("accounts/user", "staff.view", role="staff.manage", end="staff.manage", reopen="staff.manage"),
    **_admin("accounts/invitation", "staff.view", resend="staff.manage", withdraw="staff.manage"),
    **_admin("audit/event", "platform.audit"),
    **_admin("website/signup", "platform.leads", retry="platform.suspend"),
    **_admin("website/lead", "platform.leads", handle="platform.leads", open="platform.leads"),
    "admin/tenants/provideraccount/add/": Platform("platform.manage", methods=("get", "post")),
    "admin/support/customdomain/add/": Platform("platform.manage", methods=("get", "post")),
    "admin/accounts/invitation/invite/": Platform("staff.manage", methods=("get", "post")),
    "hooks/twilio/sms/": Hook(),
    "hooks/twilio/status/<uuid:message>/": Hook(),
    "hooks/resend/": Hook(),
}

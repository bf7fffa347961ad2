"""How the clinic sets itself up, and what it tells other programs."""

from tests.matrix.rules import BOTH, POST, Api, Link, Rule, Staff

SETTING_UP: dict[str, Rule] = {
    # The clinic sets itself up
    "desk/settings/": Staff("chart.manage"),
    "logo/<str:digest>/": Link(),
    "desk/settings/branding/": Staff("settings.manage", methods=BOTH),
    "desk/settings/branding/logo/": Staff("settings.manage", methods=POST),
    "desk/settings/branding/logo/remove/": Staff("settings.manage", methods=POST),
    "desk/settings/locations/": Staff("settings.manage"),
    "desk/settings/locations/new/": Staff("settings.manage", methods=BOTH),
    **{
        f"desk/settings/locations/<uuid:uid>/{page}": Staff("settings.manage", "location", BOTH)
        for page in ("", "hours/", "closures/", "archive/")
    },
    "desk/settings/locations/<uuid:uid>/restore/": Staff("settings.manage", "location", POST),
    "desk/settings/resources/": Staff("settings.manage"),
    **{f"desk/settings/{kind}s/new/": Staff("settings.manage", methods=BOTH) for kind in ("room", "device")},
    **{
        f"desk/settings/{kind}s/<uuid:uid>/{page}": Staff("settings.manage", kind, methods)
        for kind in ("room", "device")
        for page, methods in (("", BOTH), ("archive/", BOTH), ("restore/", POST))
    },
    "desk/settings/services/": Staff("services.manage"),
    "desk/settings/services/new/": Staff("services.manage", methods=BOTH),
    **{
        f"desk/settings/services/<uuid:uid>/{page}": Staff("services.manage", "service", methods)
        for page, methods in (
            ("", BOTH),
            ("copy/", POST),
            ("up/", POST),
            ("down/", POST),
            ("archive/", BOTH),
            ("restore/", POST),
        )
    },
    "desk/settings/services/headings/<uuid:uid>/": Staff("services.manage", "category", BOTH),
    "desk/settings/policies/": Staff("settings.manage", methods=BOTH),
    "desk/settings/import/": Staff("settings.manage"),
    **{
        f"desk/settings/import/{what}/{page}": Staff("settings.manage", methods=methods)
        for what in ("services", "resources")
        for page, methods in (
            ("", POST),
            ("confirm/", POST),
            ("template.csv", ("get",)),
            ("export.csv", ("get",)),
        )
    },
    "desk/set-up/": Staff("settings.manage"),
    "desk/set-up/preset/": Staff("settings.manage", methods=POST),
    "desk/set-up/hide/": Staff("settings.manage", methods=POST),
    "desk/settings/clinic/": Staff("settings.manage", methods=BOTH),
    # What other programs are told
    "desk/settings/api/": Staff("tokens.manage"),
    "desk/settings/api/tokens/": Staff("tokens.manage", methods=POST),
    "desk/settings/api/tokens/<uuid:uid>/revoke/": Staff("tokens.manage", "token", POST),
    "desk/settings/webhooks/": Staff("settings.manage"),
    "desk/settings/webhooks/new/": Staff("settings.manage", methods=BOTH),
    "desk/settings/webhooks/<uuid:uid>/": Staff("settings.manage", "endpoint"),
    "desk/settings/webhooks/<uuid:uid>/edit/": Staff("settings.manage", "endpoint", BOTH),
    **{
        f"desk/settings/webhooks/<uuid:uid>/{verb}/": Staff("settings.manage", "endpoint", POST)
        for verb in ("secret", "test", "stop", "start", "remove", "replay")
    },
    "api/v1/webhook-endpoints/": Api("settings.manage", methods=BOTH),
    "api/v1/webhook-endpoints/<uuid:uid>/": Api("settings.manage", "endpoint", ("get", "patch")),
    **{
        f"api/v1/webhook-endpoints/<uuid:uid>/{verb}/": Api("settings.manage", "endpoint", POST)
        for verb in ("test", "secret", "stop", "start", "replay")
    },
    "api/v1/webhook-deliveries/": Api("settings.manage"),
    "api/v1/webhook-deliveries/<uuid:uid>/": Api("settings.manage", "delivery"),
    "api/v1/webhook-deliveries/<uuid:uid>/replay/": Api("settings.manage", "delivery", POST),
    "desk/settings/webhooks/deliveries/<uuid:uid>/": Staff("settings.manage", "delivery"),
    "desk/settings/webhooks/deliveries/<uuid:uid>/replay/": Staff("settings.manage", "delivery", POST),
}

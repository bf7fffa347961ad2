"""A worker to be killed: sends the waiting messages of one clinic. python -m messaging.tests.sender SCHEMA"""

import sys

import django

django.setup()

from core.clock import now  # noqa: E402
from messaging import tasks  # noqa: E402
from messaging.models import Message  # noqa: E402
from tenants import directory  # noqa: E402
from tenants.context import enter  # noqa: E402

clinic = directory.find_by_schema(sys.argv[1])
assert clinic
with enter(clinic):
    uids = list(Message.objects.waiting().order_by("id").values_list("uid", flat=True))
    print("ready", flush=True)
    for uid in uids:
        tasks.process(uid, at=now())

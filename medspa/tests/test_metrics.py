"""/metrics: closed to strangers, and not a word of a patient or of a clinic in any label."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as live_settings
from django.db import OperationalError
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from core.context import current_clinic
from core.ids import uuid7
from core.problems import Unavailable
from medspa import metrics, metrics_shared
from messaging.models import State
from tenants import due
from tenants.context import enter
from tenants.tasks import send_to
from tests.matrix import routes
from vault import store

TOKEN = "t" * 40


def scrape() -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    answer = Client(HTTP_HOST="localhost").get("/metrics")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    found = {}
    for family in text_string_to_metric_families(answer.content.decode()):
        for sample in family.samples:
            found[sample.name, tuple(sorted(sample.labels.items()))] = sample.value
    return found


def value(name: str, **labels: str) -> float:
    return scrape().get((name, tuple(sorted(labels.items()))), 0.0)


def test_for_loopback_or_with_the_token_only(glow, settings):
    settings.METRICS_TOKEN = TOKEN
    afar = Client(HTTP_HOST="localhost", REMOTE_ADDR="203.0.113.9")
    assert afar.get("/metrics").status_code == 404
    assert afar.get("/metrics", HTTP_AUTHORIZATION="Bearer wrong").status_code == 404
    assert afar.get("/metrics", HTTP_AUTHORIZATION=f"Bearer {TOKEN}").status_code == 200
    assert Client(HTTP_HOST="localhost").get("/metrics").status_code == 200
    behind_a_proxy = Client(HTTP_HOST="localhost", HTTP_X_FORWARDED_FOR="203.0.113.9")
    assert behind_a_proxy.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = ""
    assert afar.get("/metrics", HTTP_AUTHORIZATION="Bearer ").status_code == 404
    assert glow.client().get("/metrics").status_code == 404


def test_a_request_is_counted_by_its_route(glow):
    person = glow.cast.pat.uid
    asked = {"host": "clinic", "method": "GET", "route": "desk/patients/<uuid:uid>/", "status": "200"}
    before = value("medspa_requests_total", **asked)
    glow.client(glow.cast.owner).get(f"/desk/patients/{person}/")
    assert value("medspa_requests_total", **asked) == before + 1
    assert value("medspa_request_seconds_count", method="GET", route=asked["route"]) >= 1


@pytest.mark.promise("P171")
def test_no_label_carries_a_person_or_a_clinic(glow, rival):
    """Whatever is typed into an address, a method or a header; only templates and fixed words come out."""
    canaries = ["Canary", "5550199", "canary@example.net", str(glow.cast.pat.uid)]
    for house in (glow, rival):
        client = house.client(house.cast.owner)
        for word in canaries:
            client.get(f"/desk/patients/{word}/")
            client.get("/desk/patients/", {"q": word})
            client.get(f"/book/visit/{word}/")
            client.get(f"/{word}/")
            client.generic(word.upper()[:12].replace("@", ""), f"/{word}")
            Client(HTTP_HOST=f"{word.lower()}.localhost").get(f"/{word}")
            Client(HTTP_HOST="localhost").post(f"/hooks/{word}/")
    known = {
        route or "/" for urls in ("medspa.urls_clinic", "medspa.urls_platform") for route, _ in routes(urls)
    }
    known |= {"none", "static", "livez", "readyz", *[path[1:] for path in live_settings.PUBLIC_READS]}
    for (name, labels), _ in scrape().items():
        for label, said in labels:
            assert label in {
                *("host", "method", "route", "status", "le", "provider", "database"),
                *("task", "how", "state", "what", "queue"),
            }, f"{name} has a label {label}"
            assert not any(word.lower() in said.lower() for word in canaries), (name, label, said)
            assert glow.clinic.schema_name not in said
            assert glow.clinic.slug not in said.split("/")
            if label == "route":
                assert said in known, said
            if label == "method":
                assert said in metrics.METHODS | {"other"}


def test_an_unsigned_webhook_is_a_refusal(glow):
    before = value("medspa_webhook_refusals_total", provider="twilio")
    Client(HTTP_HOST="localhost").post("/hooks/twilio/sms/", {"From": "+13125550199"})
    assert value("medspa_webhook_refusals_total", provider="twilio") == before + 1


def test_a_vault_that_cannot_be_reached_is_counted(glow):
    before = value("medspa_vault_unreachable_total")
    with pytest.raises(Unavailable), store.reaching_vault():
        raise OperationalError
    assert value("medspa_vault_unreachable_total") == before + 1


def test_what_is_due_and_late_is_told(glow):
    late = value("medspa_due_waiting")
    with enter(glow.clinic):
        due.schedule("message", uuid7(), datetime.now(UTC) - timedelta(seconds=90))
    assert value("medspa_due_waiting") == late + 1
    assert value("medspa_due_lag_seconds") >= 90


def test_workers_tell_through_redis(glow, settings, tmp_path):
    anchors = tmp_path / "anchors.jsonl"
    anchors.touch()
    settings.ANCHORS_PATH = str(anchors)
    assert current_clinic.get() is None
    metrics_shared.keep_gathered()
    metrics_shared.note_task("tenants.tasks.provision", True, 0.2)
    metrics_shared.note_task("tenants.tasks.provision", False, 40.0)
    metrics_shared.note_moment("backup", datetime.now(UTC) - timedelta(hours=2))
    told = scrape()
    assert ("medspa_outbox_messages", (("state", State.UNKNOWN.value),)) in told
    assert told["medspa_clinics", (("state", "active"),)] >= 2
    assert told["medspa_anchor_age_seconds", ()] < 60
    assert told["medspa_last_done_age_seconds", (("what", "backup"),)] == pytest.approx(7200, abs=60)
    buckets = {
        dict(labels)["le"]: count
        for (name, labels), count in told.items()
        if name == "medspa_task_seconds_bucket" and ("task", "tenants.tasks.provision") in labels
    }
    assert buckets["+Inf"] >= buckets["30.0"] + 1
    assert buckets["0.25"] >= 1


def test_what_waits_in_each_queue_is_told(glow):
    before = value("medspa_queue_waiting", queue="webhooks")
    send_to(glow.clinic.schema_name, "webhooks.tasks.send_deliveries", [])
    assert value("medspa_queue_waiting", queue="webhooks") == before + 1
    assert ("medspa_queue_waiting", (("queue", "default"),)) in scrape()


def test_without_redis_the_rest_is_told(glow, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    told = scrape()
    assert ("medspa_due_waiting", ()) in told
    assert not any(name.startswith("medspa_outbox") for name, _ in told)
    metrics_shared.note_task("any", True, 0.1)  # logged, never raised


def test_processes_add_up(tmp_path):
    """Two processes count into one folder, as the web's do; whoever is asked tells the sum."""
    count = "from medspa.metrics import VAULT_UNREACHABLE; VAULT_UNREACHABLE.inc()"
    env = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    root = Path(__file__).parents[2]
    for _ in range(2):
        code = f"import django; django.setup(); {count}"
        full = {**env, "DJANGO_SETTINGS_MODULE": "medspa.settings"}
        subprocess.run([sys.executable, "-c", code], env=full, cwd=root, check=True)
    tell = (
        "from prometheus_client import CollectorRegistry, generate_latest\n"
        "from prometheus_client.multiprocess import MultiProcessCollector\n"
        "r = CollectorRegistry(); MultiProcessCollector(r); print(generate_latest(r).decode())"
    )
    done = subprocess.run([sys.executable, "-c", tell], env=env, capture_output=True, text=True, check=True)
    assert "medspa_vault_unreachable_total 2.0" in done.stdout


def test_the_proxy_learns_which_hosts_are_ours(glow):
    client = Client(HTTP_HOST="localhost")
    for host, status in (
        ("localhost", 200),
        (glow.host, 200),
        (glow.host.upper(), 200),
        ("evil.example", 404),
        ("", 404),
    ):
        assert client.get("/hosts/known", {"domain": host}).status_code == status, host


def test_the_dashboard_and_the_alerts_ask_for_what_there_is(glow):
    names = {name.removesuffix("_bucket") for name, _ in scrape()}
    names |= {"medspa_anchor_age_seconds", "medspa_gathered_age_seconds", "medspa_outbox_messages"}
    names |= {"medspa_last_done_age_seconds", "medspa_tasks_total", "medspa_task_seconds"}
    names |= {
        f"{metric._name}_total" for metric in vars(metrics).values() if isinstance(metric, metrics.Counter)
    }
    names |= {
        metric._name
        for metric in vars(metrics).values()
        if isinstance(metric, metrics.Histogram | metrics.Gauge)
    }
    deploy = Path(__file__).parents[2] / "deploy"
    board = json.loads((deploy / "grafana" / "medspa.json").read_text())
    asked = [target["expr"] for panel in board["panels"] for target in panel.get("targets", ())]
    assert len(asked) >= 10
    import re

    import yaml

    rules = yaml.safe_load((deploy / "prometheus" / "alerts.yml").read_text())
    asked += [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    for expression in asked:
        for name in re.findall(r"medspa_[a-z_]+", expression):
            assert name.removesuffix("_bucket").removesuffix("_count").removesuffix("_sum") in names | {
                name.removesuffix("_count") for name in names
            }, name

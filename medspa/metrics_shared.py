"""What workers and commands know and the web tells: kept in Redis as bare numbers, for whoever is asked for /metrics."""

import json
import logging
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import redis
from celery import current_app, signals
from django.conf import settings
from django.db import connection
from kombu.exceptions import OperationalError as BrokerError
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from redis.backoff import NoBackoff
from redis.retry import Retry

from core.clock import now
from messaging.models import Message, State
from tenants.context import enter, enter_public
from tenants.models import Clinic, ClinicState

TASKS, GATHERED, MOMENTS = "metrics:tasks", "metrics:gathered", "metrics:moments"
TASK_BUCKETS = (0.05, 0.25, 1.0, 5.0, 30.0)
OPEN_STATES = (State.QUEUED, State.SENDING, State.UNKNOWN)
_clients: dict[str, redis.Redis] = {}
_log = logging.getLogger("medspa.metrics")


def client() -> redis.Redis:
    url = settings.REDIS_URL
    if url not in _clients:
        _clients[url] = redis.Redis.from_url(
            url, socket_connect_timeout=1, socket_timeout=1, retry=Retry(NoBackoff(), 0)
        )
    return _clients[url]


# --- Tasks: how many, how long, how they ended. The provision queue's times are provisioning times. ---


@signals.task_prerun.connect
def _began(task: Any = None, **kwargs: Any) -> None:
    task.request.medspa_began = time.monotonic()


@signals.task_postrun.connect
def _ended(task: Any = None, state: str | None = None, **kwargs: Any) -> None:
    began = getattr(task.request, "medspa_began", None)
    if began is not None:
        note_task(task.name, state == "SUCCESS", time.monotonic() - began)


def note_task(name: str, ended_well: bool, seconds: float) -> None:
    bucket = next((str(limit) for limit in TASK_BUCKETS if seconds <= limit), "+Inf")
    try:
        with client().pipeline(transaction=False) as pipe:
            pipe.hincrby(TASKS, f"{name}|{'ok' if ended_well else 'failed'}", 1)
            pipe.hincrby(TASKS, f"{name}|le|{bucket}", 1)
            pipe.hincrbyfloat(TASKS, f"{name}|sum", round(seconds, 4))
            pipe.execute()
    except (redis.RedisError, OSError) as error:
        _log.warning("a task was not counted: %s", type(error).__name__)


def note_moment(name: str, at: datetime) -> None:
    """When something that must not be forgotten was last done, such as a backup."""
    try:
        client().hset(MOMENTS, name, at.timestamp())
    except (redis.RedisError, OSError) as error:
        _log.warning("%s was not noted: %s", name, type(error).__name__)


# --- What a worker looks up every half minute, because the web may not visit every clinic ---


def gather() -> dict[str, Any]:
    """Messages that are not decided, by state; clinics by state; the age of the trail's last anchor."""
    with enter_public():
        clinics = list(Clinic.objects.all())
    outbox: Counter[str] = Counter()
    for clinic in clinics:
        if clinic.state == ClinicState.ACTIVE:
            with enter(clinic):
                states = Message.objects.filter(state__in=OPEN_STATES).values_list("state", flat=True)
                outbox.update(states.iterator())
    anchors = Path(settings.ANCHORS_PATH)
    return {
        "at": now().timestamp(),
        "outbox": {state.value: outbox[state.value] for state in OPEN_STATES},
        "clinics": dict(Counter(clinic.state for clinic in clinics)),
        "anchored_at": anchors.stat().st_mtime if anchors.exists() else None,
    }


def keep_gathered() -> None:
    client().set(GATHERED, json.dumps(gather()))


def _numbers(key: str) -> dict[str, float]:
    found: Any = client().hgetall(key)
    return {name.decode(): float(value) for name, value in found.items()}


class SharedCollector(Collector):
    """Asked at each scrape. Redis or the database being away leaves its part out: that is an answer too."""

    def collect(self) -> Iterator[Metric]:
        yield from self._due()
        try:
            tasks, gathered, moments = _numbers(TASKS), client().get(GATHERED), _numbers(MOMENTS)
            lengths = _queue_lengths()
        except (redis.RedisError, BrokerError, OSError):
            return
        waiting = GaugeMetricFamily("medspa_queue_waiting", "Tasks that no worker took.", labels=["queue"])
        for name, length in lengths.items():
            waiting.add_metric([name], length)
        yield waiting
        yield from _tasks(tasks)
        yield from _gathered(json.loads(gathered) if isinstance(gathered, bytes) else {})
        at = now().timestamp()
        ages = GaugeMetricFamily("medspa_last_done_age_seconds", "Since it was last done.", labels=["what"])
        for name, moment in moments.items():
            ages.add_metric([name], at - moment)
        yield ages

    def _due(self) -> Iterator[Metric]:
        with enter_public(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), coalesce(extract(epoch FROM %(at)s - min(due_at)), 0) FROM tenants_due"
                " WHERE due_at <= %(at)s AND (state = 0 OR lease_until < %(at)s)",
                {"at": now()},
            )
            waiting, lag = cursor.fetchone()
        yield GaugeMetricFamily("medspa_due_waiting", "Due and not yet taken.", value=waiting)
        yield GaugeMetricFamily(
            "medspa_due_lag_seconds", "How long the oldest of them waits.", value=float(lag)
        )


def _queue_lengths() -> dict[str, int]:
    """How many tasks wait in each of Celery's queues; the broker keeps one list a queue."""
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    with current_app.connection_for_read() as broker:
        store: redis.Redis = broker.default_channel.client  # type: ignore[attr-defined]
        return {name: int(store.llen(name)) for name in sorted(routed | {settings.CELERY_TASK_DEFAULT_QUEUE})}


def _tasks(counts: dict[str, float]) -> Iterator[Metric]:
    ended = CounterMetricFamily("medspa_tasks", "Background tasks that ended.", labels=["task", "how"])
    seconds = HistogramMetricFamily("medspa_task_seconds", "How long a task took.", labels=["task"])
    for name in sorted({key.partition("|")[0] for key in counts}):
        for how in ("ok", "failed"):
            ended.add_metric([name, how], counts.get(f"{name}|{how}", 0))
        buckets, total = [], 0.0
        for limit in [*map(str, TASK_BUCKETS), "+Inf"]:
            total += counts.get(f"{name}|le|{limit}", 0)
            buckets.append((limit, total))
        seconds.add_metric([name], buckets, counts.get(f"{name}|sum", 0))
    yield ended
    yield seconds


def _gathered(found: dict[str, Any]) -> Iterator[Metric]:
    at = now().timestamp()
    outbox = GaugeMetricFamily("medspa_outbox_messages", "Messages not decided.", labels=["state"])
    clinics = GaugeMetricFamily("medspa_clinics", "Clinics.", labels=["state"])
    for state, number in found.get("outbox", {}).items():
        outbox.add_metric([state], number)
    for state, number in found.get("clinics", {}).items():
        clinics.add_metric([state], number)
    yield outbox
    yield clinics
    if "at" in found:
        yield GaugeMetricFamily(
            "medspa_gathered_age_seconds", "Age of these figures.", value=at - found["at"]
        )
    if found.get("anchored_at"):
        age = at - found["anchored_at"]
        yield GaugeMetricFamily("medspa_anchor_age_seconds", "Since the trail's last anchor.", value=age)

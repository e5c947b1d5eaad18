"""Waking a worker when work falls due: procrastinate's queue on PostgreSQL; on SQLite a worker looks by itself.

What is to be done stands in a row of ours. A ring, deferred in the same transaction as that row, only says that
something is due at that moment, so one ring too many does no harm.
"""

from datetime import datetime

from django.apps import apps

TASK = "commonhold.next"
QUEUE = "commonhold"


def has_bell() -> bool:
    """Whether workers are woken here, and do not look by themselves."""
    return apps.is_installed("procrastinate.contrib.django")


def ring(*, due_at: datetime, now: datetime, times: int = 1) -> None:
    """Wake a worker when that moment has come, if the transaction that says so is kept."""
    if not has_bell():
        return
    from procrastinate.contrib.django import app

    bell = app.configure_task(TASK, queue=QUEUE, schedule_at=due_at if due_at > now else None)
    for _ in range(times):
        bell.defer()


def is_ringing(*, now: datetime) -> bool:
    """Whether a ring that a worker should hear by now waits to be answered."""
    if not has_bell():
        return False
    from procrastinate.contrib.django.models import ProcrastinateJob

    return ProcrastinateJob.objects.filter(task_name=TASK, status="todo").exclude(scheduled_at__gt=now).exists()

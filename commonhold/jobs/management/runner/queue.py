"""The runner for PostgreSQL: procrastinate answers the bell that every waiting job rings, and we do what is due.

Each ring answered is one look for work. What watches, and what does the jobs, are threads of their own: procrastinate's
loop goes on telling the database that it is alive.
"""

import asyncio
import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

import procrastinate
import psycopg
from django.db import connection
from procrastinate.contrib.django.utils import connector_params

from commonhold.databases import bell
from commonhold.jobs.management.runner.doing import Worker, do_next
from commonhold.jobs.management.runner.stopping import SIGNALS, Stop
from commonhold.jobs.management.runner.watching import Watch, say_what_went_wrong

WATCH_EVERY = 1.0
CARE_EVERY = 10.0
UNHEARD = 30.0
"""Seconds after which procrastinate counts a worker as dead that has not told the database that it is alive."""


def serve(worker: Worker, stop: Stop, *, burst: bool = False) -> None:
    """Answer the bell until told to stop; in a burst, until nothing more is due."""
    doing = ThreadPoolExecutor(1, thread_name_prefix="job")
    try:
        asyncio.run(_burst(worker, stop, doing) if burst else _serve(worker, stop, doing))
    finally:
        doing.submit(_hang_up).result()
        doing.shutdown()


async def _serve(worker: Worker, stop: Stop, doing: ThreadPoolExecutor) -> None:
    over = threading.Event()
    watching = threading.Thread(target=_watch, args=(worker, over), name="watch", daemon=True)
    watching.start()
    try:
        while not stop.told():
            try:
                await _answer(worker, stop, doing, wait=True)
            except (procrastinate.exceptions.ConnectorException, psycopg.Error) as fault:
                say_what_went_wrong(fault)
                await asyncio.sleep(WATCH_EVERY)
    finally:
        over.set()
        watching.join()


async def _burst(worker: Worker, stop: Stop, doing: ThreadPoolExecutor) -> None:
    watch, before = Watch(), -1
    loop = asyncio.get_running_loop()
    while worker.tally.total() > before and not stop.told():
        before = worker.tally.total()
        await loop.run_in_executor(doing, watch.look, worker.clock())
        await _answer(worker, stop, doing, wait=False)


async def _answer(worker: Worker, stop: Stop, doing: ThreadPoolExecutor, *, wait: bool) -> None:
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4))
    loop = asyncio.get_running_loop()

    @app.task(name=bell.TASK, queue=bell.QUEUE)
    async def do() -> None:
        await loop.run_in_executor(doing, _do_next, worker)

    async with app.open_async():
        answering = asyncio.ensure_future(
            app.run_worker_async(
                queues=[bell.QUEUE],
                name=worker.name,
                wait=wait,
                delete_jobs="always",
                fetch_job_polling_interval=WATCH_EVERY,
                update_heartbeat_interval=UNHEARD / 3,
                stalled_worker_timeout=UNHEARD,
                install_signal_handlers=False,
            )
        )
        caring = asyncio.ensure_future(_care(app))

        def hear() -> None:
            for number in SIGNALS:
                loop.remove_signal_handler(number)
            stop.tell()
            answering.cancel()

        for number in SIGNALS:
            loop.add_signal_handler(number, hear)
        try:
            await answering
        except asyncio.CancelledError:
            if not stop.told():
                raise
        finally:
            caring.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await caring


def _hang_up() -> None:
    """Close this thread's connection: each thread has one of its own."""
    connection.close()


def _do_next(worker: Worker) -> None:
    try:
        do_next(worker)
    except Exception as fault:
        # The job waits still, or is held until its lease is over; either way it is rung for again.
        say_what_went_wrong(fault)
        connection.close()


async def _care(app: procrastinate.App) -> None:
    """Ring again for workers that died between a ring and its job: procrastinate does not do so by itself."""
    while True:
        try:
            for ring in await app.job_manager.get_stalled_jobs(task_name=bell.TASK, seconds_since_heartbeat=UNHEARD):
                await app.job_manager.retry_job(ring)
        except procrastinate.exceptions.ConnectorException as fault:
            say_what_went_wrong(fault)
        await asyncio.sleep(CARE_EVERY)


def _watch(worker: Worker, over: threading.Event) -> None:
    watch = Watch()
    try:
        while not over.is_set():
            try:
                watch.look(worker.clock())
            except Exception as fault:
                say_what_went_wrong(fault)
                connection.close()
            over.wait(WATCH_EVERY)
    finally:
        connection.close()

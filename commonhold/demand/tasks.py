"""Work that demand leaves to workers: importing uploads, forgetting old ones, reading clocks by changed rules."""

from django.utils import timezone

from commonhold.demand.acts import reckoning_anew, uploads
from commonhold.demand.models import Upload
from commonhold.jobs.engine import Running, every, follows, task
from commonhold.ledger.models import Entry


@task("demand.import_upload", retries=5, wait=20)
def import_upload(running: Running, upload: int) -> None:
    def progress(share: float, words: str) -> None:
        running.progress(round(100 * share), 100, words)

    uploads.import_upload(by=running.by, upload=Upload.objects.get(pk=upload), clock=timezone.now, progress=progress)


@every(days=1, at="03:30", name="demand.forget_uploads")
def forget_uploads(running: Running) -> None:
    uploads.forget_uploads(at=running.by.at)


@follows("rule.found", "rule.changed", name="demand.read_clocks_by_changed_rules")
def read_clocks_by_changed_rules(running: Running, entry: Entry) -> None:
    def progress(share: float, words: str) -> None:
        running.progress(round(100 * share), 100, words)

    reckoning_anew.read_by_changed_rules(by=running.by, because=entry, clock=timezone.now, progress=progress)

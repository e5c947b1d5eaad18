"""Work of the partnership that is done later."""

from django.conf import settings
from django.core.mail import send_mail

from commonhold.jobs.engine import Running, every, task
from commonhold.partnership.acts import telling, tokens
from commonhold.partnership.models import Told


@task("partnership.send_told")
def send_told(job: Running) -> str:
    """Send by e-mail what waits in the outbox; each line is marked as it is sent, so a repeated task sends the rest."""
    waiting = Told.objects.filter(to_send=True, sent_at=None).select_related("person").order_by("pk")
    sent = 0
    for told in waiting:
        words = f"{told.why}\n\nSign in to Commonhold and open your page to see it."
        send_mail(f"Commonhold: {told.why}", words, settings.DEFAULT_FROM_EMAIL, [told.person.email])
        telling.note_sent(told=told, at=job.clock())
        sent += 1
    return f"{sent} sent"


@every(days=1, at="06:30", name="partnership.tell_of_ending_tokens")
def tell_of_ending_tokens(job: Running) -> str:
    return f"{tokens.tell_of_ending(by=job.by)} told of"

"""What is asked of whoever makes a token."""

from typing import Any

from commonhold.govuk.fields import Date, Radios, Select, Text
from commonhold.govuk.form import Form
from commonhold.partnership.models.token import Purpose


class TokenForm(Form):
    name = Text("Name", max_length=80, hint="What will send it, such as 'Monthly workbook of the client team'.")
    purpose = Radios("What it is for", Purpose.choices)
    feed = Select(
        "Feed",
        (),
        required=False,
        blank="Each feed that the post may bring",
        hint="Only for a token that brings a feed's files.",
    )
    last_day = Date("Last day", hint="A token is good for a year at most. Make it as short as it is needed.")

    def __init__(self, *args: Any, feeds: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        if not feeds:
            del self.fields["feed"]
            return
        self.offer(feed=feeds)

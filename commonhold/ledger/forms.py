"""What narrows the list of entries down."""

from typing import Any

from commonhold.govuk.fields import Date, Select, Text
from commonhold.govuk.filters import Filters
from commonhold.ledger import queries
from commonhold.ledger.models import sentence


class EntryFilters(Filters):
    """The kind of an entry, the post it was made in, what it is about, and the days it was made on."""

    kind = Select("What happened", (), blank="Anything")
    post = Select("In which post", (), blank="Any post")
    since = Date("From")
    until = Date("To")
    subject = Text("About", hint="A reference, such as paper/12")

    def __init__(self, asked: Any, choices: queries.Choices) -> None:
        super().__init__(asked)
        kinds = sorted((sentence(kind), kind) for kind in choices.kinds)
        posts = sorted((face.title, slug) for slug, face in choices.posts.items())
        self.offer(kind=((kind, words) for words, kind in kinds), post=((slug, title) for title, slug in posts))

    @property
    def narrowed(self) -> queries.Filters:
        """The filters that make sense, as the query takes them."""
        return queries.Filters(**self.chosen)

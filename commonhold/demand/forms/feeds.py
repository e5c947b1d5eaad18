"""How a feed is set up: how its files are read, when one is expected, who may bring it."""

from pathlib import Path
from typing import Any

from commonhold.demand.engine import mapping as mappings
from commonhold.demand.engine import partners as areas
from commonhold.demand.engine.feeds import WEEKDAYS, Setting
from commonhold.demand.forms.mappings import MAPPING_NAMES, SMALL_FILE
from commonhold.demand.models import FeedVersion
from commonhold.demand.models.feed import RHYTHMS
from commonhold.demand.queries import mappings as known
from commonhold.govuk.fields import Checkbox, Checkboxes, Decimal, Edition, File, Radios, Select, Text, TextArea, Time
from commonhold.govuk.form import Form
from commonhold.refusals import Refused

KEPT, OWN = "kept", "own"


class FeedForm(Form):
    """What is asked of whoever sets a feed up."""

    name = Text(
        "Name", max_length=60, hint="It stands in the address that files are sent to: small letters, digits and hyphens"
    )
    mapping = Radios("How are its files read?", ())
    own_mapping = File(
        "Mapping file", hint="TOML, in the form that the guide describes", required=False, largest=SMALL_FILE
    )
    partners = File(
        "Map of partners",
        hint="CSV of two columns, value and partner; without one, the file's own value is the partner's name",
        required=False,
        largest=SMALL_FILE,
    )
    time_zone = Text(
        "Time zone of its dates",
        hint="Such as Europe/London or UTC. Leave it empty if dates say their offset, or the mapping says it",
        required=False,
        width=20,
    )
    tolerate = Decimal(
        "Share of rows that may be left out", hint="0.01 is one in a hundred", initial="0.01", min_value=0, max_value=1,
        width=5, like="0.05",
    )  # fmt: skip
    rhythm = Radios("When is its file expected?", RHYTHMS)
    weekday = Select("On which day, if once a week?", list(enumerate(WEEKDAYS)), required=False)
    due_by = Time("By what time?", hint="London's time, such as 6am", initial="9:00am")
    posts = Checkboxes(
        "Who may bring it?",
        (),
        required=False,
        hint="Whoever holds one of these posts makes a token for this feed, on 'My tokens'",
    )
    from_folder = Checkbox("Files are also taken from the watched folder", required=False)

    def __init__(self, *entered: Any, posts: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*entered, **options)
        self.offer(posts=posts, mapping=self.readings())

    def readings(self) -> list[tuple[str, str]]:
        built_in = [(name, MAPPING_NAMES.get(name, name)) for name in mappings.BUILT_IN]
        saved = [(name, f"{name}, saved here") for name in known.names_in_use()]
        return [*saved, *built_in, (OWN, "By a mapping file of its own")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("mapping") == OWN and not cleaned.get("own_mapping"):
            self.add_error("own_mapping", "Choose the mapping file")
        if not self.errors:
            try:
                cleaned = self.said(cleaned)
            except Refused as refused:
                self.refuse(refused)
        return cleaned

    def said(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """What was entered as the act takes it."""
        partners = cleaned["partners"]
        setting = Setting(
            mapping=self.read_by(cleaned),
            partners=areas.read(partners, partners.name) if partners else self.partners_kept(cleaned),
            time_zone=cleaned["time_zone"],
            tolerate=float(cleaned["tolerate"]),
            rhythm=cleaned["rhythm"],
            weekday=int(cleaned["weekday"] or 0),
            due_by=cleaned["due_by"],
            posts=tuple(cleaned["posts"]),
            from_folder=cleaned["from_folder"],
        )
        return {
            **{name: cleaned[name] for name in ("name", "reason", "edition") if name in cleaned},
            "setting": setting,
        }

    def read_by(self, cleaned: dict[str, Any]) -> mappings.Mapping:
        if cleaned["mapping"] == OWN:
            file = cleaned["own_mapping"]
            return mappings.parse(file.read(), Path(file.name).stem, file.name)
        return known.called(cleaned["mapping"])

    def partners_kept(self, cleaned: dict[str, Any]) -> areas.PartnerMap | None:
        return None


class ChangeFeedForm(FeedForm):
    """A feed in another way; mapping and map of partners stay where no other is given."""

    without_partners = Checkbox("Use no map of partners any more", required=False)
    reason = TextArea("Why?", max_length=1_000, rows=3)
    edition = Edition()

    def __init__(self, *entered: Any, version: FeedVersion, **options: Any) -> None:
        self.version = version
        first = {
            "mapping": KEPT,
            "time_zone": version.time_zone,
            "tolerate": version.tolerate,
            "rhythm": version.rhythm,
            "weekday": version.weekday,
            "due_by": version.due_by,
            "posts": version.posts,
            "from_folder": version.from_folder,
            "edition": version.number,
        }
        super().__init__(*entered, initial=first, **options)
        del self.fields["name"]
        if not version.partners_text:
            del self.fields["without_partners"]

    def readings(self) -> list[tuple[str, str]]:
        return [(KEPT, f"As now: {self.version.mapping}"), *super().readings()]

    def read_by(self, cleaned: dict[str, Any]) -> mappings.Mapping:
        return self.version.read_by() if cleaned["mapping"] == KEPT else super().read_by(cleaned)

    def partners_kept(self, cleaned: dict[str, Any]) -> areas.PartnerMap | None:
        kept = self.version.partners_text and not cleaned.get("without_partners")
        return areas.from_canonical(self.version.partners_text) if kept else None


class StopFeedForm(Form):
    reason = TextArea("Why is it stopped?", max_length=1_000, rows=3)
    edition = Edition()

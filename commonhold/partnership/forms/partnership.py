"""The partnership's name, its partners and the bodies that are only served."""

from commonhold.govuk.fields import Date, Edition, Text
from commonhold.govuk.form import Form
from commonhold.partnership.engine.names import NAME_LIMIT


class NameForm(Form):
    name = Text("Name of the partnership", max_length=NAME_LIMIT)


class PartnerForm(Form):
    name = Text("Name of the authority", max_length=NAME_LIMIT)
    edition = Edition()


class PartyForm(PartnerForm):
    """A partner that is party to the agreement has a day since when."""

    joined = Date("Party to the agreement since")


class ClientForm(Form):
    name = Text("Name of the body", max_length=NAME_LIMIT)
    since = Date("Served since")


class CorrectClientForm(ClientForm):
    edition = Edition()


class EndClientForm(Form):
    until = Date(
        "Served until", hint="The first day on which it is served no longer. Its first day, if it was entered in error."
    )
    edition = Edition()

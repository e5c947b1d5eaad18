"""The partnership's name, its partners and the bodies that are only served."""

from commonhold.govuk.fields import Date, Edition, Text
from commonhold.govuk.form import Form


class NameForm(Form):
    name = Text("Name of the partnership", max_length=120)


class PartnerForm(Form):
    name = Text("Name of the authority", max_length=120)
    edition = Edition()


class PartyForm(PartnerForm):
    """A partner that is party to the agreement has a day since when."""

    joined = Date("Party to the agreement since")


class ClientForm(Form):
    name = Text("Name of the body", max_length=120)
    since = Date("Served since")


class CorrectClientForm(ClientForm):
    edition = Edition()


class EndClientForm(Form):
    until = Date(
        "Served until", hint="The first day on which it is served no longer. Its first day, if it was entered in error."
    )
    edition = Edition()

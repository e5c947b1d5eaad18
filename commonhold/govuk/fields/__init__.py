"""Form fields that render themselves through GOV.UK's components: `{{ form.title.field() }}` prints label, hint, error
and control (U1). What they say of a mistake tells what to do about it, in the words of the field's label (U2).
"""

from commonhold.govuk.fields.choices import Checkbox, Checkboxes, ModelChoice, Radios, Select
from commonhold.govuk.fields.dates import Date, Month
from commonhold.govuk.fields.files import File
from commonhold.govuk.fields.hidden import Edition, Hidden
from commonhold.govuk.fields.numbers import Decimal, Integer
from commonhold.govuk.fields.shown import Shown
from commonhold.govuk.fields.text import Email, Password, Text, TextArea
from commonhold.govuk.fields.times import Time

__all__ = [
    "Checkbox",
    "Checkboxes",
    "Date",
    "Decimal",
    "Edition",
    "Email",
    "File",
    "Hidden",
    "Integer",
    "ModelChoice",
    "Month",
    "Password",
    "Radios",
    "Select",
    "Shown",
    "Text",
    "TextArea",
    "Time",
]

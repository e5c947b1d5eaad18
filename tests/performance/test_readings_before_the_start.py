"""Readings of a partnership that is not started yet: any partner may be named, as for tickets."""

from pathlib import Path

import pytest

from commonhold.performance.models import SourceReading
from tests.demand.conftest import Commonhold
from tests.readings import file, line

pytestmark = pytest.mark.django_db


def test_before_the_partnership_is_started_a_file_adds_the_partners_that_it_names(
    commonhold: Commonhold, tmp_path: Path
) -> None:
    path = tmp_path / "phones.csv"
    path.write_bytes(file(line(partner="Westover")))
    said = commonhold("import-readings", path)

    assert said.code == 0, said.err
    assert "Added as not yet a party, because the file names it: Westover." in said.err
    assert SourceReading.objects.get().partner.name == "Westover"  # type: ignore[union-attr]

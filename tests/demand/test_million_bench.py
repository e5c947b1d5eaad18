"""The bench of a million tickets in its smallest run: one copy of the public log, far from as slow as it may become."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench.made.places import LOG

BENCH = Path(__file__).parents[2] / "bench" / "million.py"
LEAST = 25
"""Per cent of bare loading: a small run on a machine with other work measures the share less well than a large one."""


@pytest.mark.long
@pytest.mark.skipif(not LOG.is_file(), reason="The public ServiceNow log is not here.")
def test_one_copy_is_imported_at_a_fair_share_of_bare_loading() -> None:
    command = [sys.executable, str(BENCH), "--database", "sqlite", "--copies", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "141,712 events of  24,918 tickets" in done.stdout, done.stdout + done.stderr
    assert re.search(r"less than 2,000 MB: \d+ MB, held", done.stdout)
    share = re.search(r"bare [\d.]+ s: (\d+)%", done.stdout)
    assert share and int(share[1]) >= LEAST, done.stdout

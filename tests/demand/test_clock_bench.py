"""The bench of the clocks in its smallest run: fast enough for a million, and equal to the oracle."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench" / "clocks.py"


@pytest.mark.long
def test_the_smallest_run_meets_both_goals() -> None:
    done = subprocess.run([sys.executable, str(BENCH), "--small"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

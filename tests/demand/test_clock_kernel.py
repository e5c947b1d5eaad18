"""The compiled clock where it runs: without a folder for its machine code, and never in a process that serves pages."""

import os
import subprocess
import sys

import pytest


def said_by(program: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_reading_rules_and_explaining_need_no_compiler() -> None:
    program = "import sys, commonhold.demand.engine.cases; print('numba' in sys.modules)"
    assert said_by(program) == "False"


@pytest.mark.parametrize(("folder", "kept"), [("/dev/null/nowhere", "NullCache"), ("{tmp}", "FunctionCache")])
def test_machine_code_is_kept_only_where_a_folder_can_be_written(folder: str, kept: str, tmp_path: object) -> None:
    program = "from commonhold.demand.engine.clock import kernel; print(type(kernel.read._cache).__name__)"
    environment = {
        "NUMBA_CACHE_LOCATOR_CLASSES": "UserProvidedCacheLocator",
        "NUMBA_CACHE_DIR": folder.format(tmp=tmp_path),
    }
    assert said_by(program, **environment) == kept

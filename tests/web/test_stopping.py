"""Stopping the web server: it is asked until it stops, for a process that is only starting may not hear the first."""

import subprocess
import sys
import time

from commonhold.web import serving

DEAF = """
import signal, sys, time
heard = []
def hear(number, frame):
    heard.append(number)
    if len(heard) > 1:
        sys.exit()
signal.signal(signal.SIGTERM, hear)
print("ready", flush=True)
while True:
    time.sleep(0.1)
"""


def test_a_process_that_did_not_hear_the_first_word_is_told_again_and_not_killed() -> None:
    web = subprocess.Popen([sys.executable, "-c", DEAF], stdout=subprocess.PIPE, start_new_session=True)
    assert web.stdout is not None and web.stdout.readline() == b"ready\n"
    began = time.monotonic()

    serving._stop([web])

    web.stdout.close()
    assert web.returncode == 0
    assert time.monotonic() - began < serving.PATIENCE

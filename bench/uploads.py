"""What others wait for while one web process of the site looks a large upload through.

    .venv/bin/python bench/uploads.py [--database sqlite|postgresql] [--rows 1500000]

About two minutes. One web process, as `make run` has. Two readers ask one thing after another, /health/live and the
list of tickets, first alone and then until the page of the upload answers. Prints how long each took on the wall;
exit 1 where one answer in twenty of /health/live took half a second or more.
"""

import argparse
import gzip
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.made.places import Place, place  # noqa: E402

MOST = 0.5
ASKED = ("/health/live", "/tickets/")
HEADINGS = "reference,event_at,state,priority,kind,team,partner,service,category"


@dataclass
class Reader(threading.Thread):
    """Asks for one address after another until told to stop, and keeps how long each answer took."""

    site: "Site"
    path: str
    over: threading.Event = field(default_factory=threading.Event)
    took: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        while not self.over.wait(0.05):
            began = time.monotonic()
            self.site.get(self.path)
            self.took.append(time.monotonic() - began)

    def __str__(self) -> str:
        took = sorted(self.took)
        half, most = took[len(took) // 2], took[int(len(took) * 0.95)]
        return f"{self.path:14} {len(took):6} answers   {half:7.3f} s median   {most:7.3f} s 95%   {took[-1]:7.3f} s"


@dataclass(frozen=True)
class Site:
    port: int
    cookies: str
    token: str

    def get(self, path: str, **more: str) -> bytes:
        return self._answer(urllib.request.Request(self._at(path), headers={"Cookie": self.cookies, **more}))

    def bring(self, file: bytes) -> str:
        """Send the form with the file; the text of the page that comes of it."""
        edge = secrets.token_hex(16)
        parts = b"".join(
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in {"mapping": "canonical", "tolerate": "0.01", "csrfmiddlewaretoken": self.token}.items()
        )
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="large.csv.gz"\r\n\r\n'.encode()
        request = urllib.request.Request(
            self._at("/imports/new/"),
            data=parts + head + file + f"\r\n--{edge}--\r\n".encode(),
            headers={"Cookie": self.cookies, "Content-Type": f"multipart/form-data; boundary={edge}"},
        )
        return self._answer(request).decode()

    def _at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def _answer(self, request: urllib.request.Request) -> bytes:
        with urllib.request.urlopen(request, timeout=600) as answer:
            text: bytes = answer.read()
        return text


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--rows", type=int, default=1_500_000)
    asked = parser.parse_args()
    file = packed(asked.rows)
    print(f"{asked.rows:,} rows, {len(file) / 1e6:.1f} MB packed")
    return max([measured(database, file) for database in asked.database or ("sqlite", "postgresql")])


def measured(database: str, file: bytes) -> int:
    with tempfile.TemporaryDirectory(prefix="commonhold-bench-") as folder, place(Path(folder), database) as here:
        here.service("found")
        (Path(folder) / "few.csv").write_bytes(gzip.decompress(packed(2_000)))
        here.service("bring", str(Path(folder) / "few.csv"), "--mapping", "canonical")
        signed = here.service("sign-in", "service-analyst").told
        with served(here, signed) as site:
            alone = asked_during(site, lambda: time.sleep(5))
            told: list[str] = []
            began = time.monotonic()
            beside = asked_during(site, lambda: told.append(site.bring(file)))
            print(f"{database}: the page of the upload answered after {time.monotonic() - began:.1f} s")
            assert "A ticket file, looked through" in told[0], told[0]
        print("  alone", *alone, "  while the file is looked through", *beside, sep="\n    ")
        live = sorted(beside[0].took)
        return int(live[int(len(live) * 0.95)] >= MOST)


def asked_during(site: Site, work: object) -> list[Reader]:
    readers = [Reader(site, path) for path in ASKED]
    for reader in readers:
        reader.start()
    work()  # type: ignore[operator]
    for reader in readers:
        reader.over.set()
    for reader in readers:
        reader.join()
    return readers


@contextmanager
def served(here: Place, signed: dict[str, str], processes: int = 1) -> Iterator[Site]:
    """The site with so many web processes and no worker."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "commonhold",
        "serve",
        "--port",
        str(port),
        "--processes",
        str(processes),
        "--no-worker",
    ]
    with (here.folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=here.environment, stdout=log, stderr=log)
    token = secrets.token_hex(16)
    site = Site(port, f"sessionid={signed['session']}; csrftoken={token}", token)
    try:
        for _ in range(600):
            try:
                site.get("/tickets/")
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        yield site
    finally:
        process.terminate()
        process.wait(30)


def packed(rows: int) -> bytes:
    """A history of that many events, packed: no bomb, and dense."""
    lines = [
        f"SD{n // 2:07},2026-0{1 + n % 6}-{1 + n % 28:02}T08:{n % 60:02}:00Z,{'resolved' if n % 2 else 'open'},"
        f"P{1 + n % 5},incident,Service Desk,Southmere,Email and calendar,Fault"
        for n in range(rows)
    ]
    return gzip.compress("\n".join((HEADINGS, *lines, "")).encode(), 6)


if __name__ == "__main__":
    sys.exit(main())

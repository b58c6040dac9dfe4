"""A print server for tests: a real CUPS on a private socket, whose printer keeps the pages."""

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

SERVED = Path("/usr/lib/cups")
BACKEND = """#!/bin/sh
[ $# -eq 0 ] && { echo 'direct keep "Unknown" "Keeps the pages"'; exit 0; }
cat ${6+"$6"} > "${DEVICE_URI#keep:}.part" && mv "${DEVICE_URI#keep:}.part" "${DEVICE_URI#keep:}"
"""
DAEMON = """Listen {place}/socket
Browsing Off
WebInterface No
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
    Allow all
  </Limit>
</Policy>
"""
FILES = """ServerRoot {place}/root
ServerBin {place}/bin
RequestRoot {place}/spool
CacheDir {place}/cache
StateDir {place}/state
TempDir {place}/spool
AccessLog {place}/access
ErrorLog {place}/error
PageLog {place}/page
"""


@contextlib.contextmanager
def printer(place: Path, name: str) -> Iterator[tuple[dict[str, str], Path]]:
    """Run the server with one printer; yield the environment that finds it and the folder of its pages."""
    for folder in ("root", "spool", "cache", "state", "bin/backend"):
        (place / folder).mkdir(parents=True)
    for part in SERVED.iterdir():
        if part.name != "backend":
            (place / "bin" / part.name).symlink_to(part)
    backend = place / "bin" / "backend" / "keep"
    backend.write_text(BACKEND)
    backend.chmod(0o700)
    (place / "cupsd.conf").write_text(DAEMON.format(place=place))
    (place / "cups-files.conf").write_text(FILES.format(place=place))
    daemon = shutil.which("cupsd", path=f"{os.environ['PATH']}:/usr/sbin") or "cupsd"
    command = [daemon, "-f", "-c", str(place / "cupsd.conf"), "-s", str(place / "cups-files.conf")]
    environment = {"CUPS_SERVER": str(place / "socket")}
    pages = place / "pages.pdf"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            lpadmin = shutil.which("lpadmin", path=f"{os.environ['PATH']}:/usr/sbin") or "lpadmin"
            add = [lpadmin, "-p", name, "-E", "-v", f"keep:{pages}", "-m", "raw"]
            deadline = time.monotonic() + 20
            while subprocess.run(
                add, env={**os.environ, **environment}, capture_output=True, check=False
            ).returncode:
                assert server.poll() is None, (place / "error").read_text()
                assert time.monotonic() < deadline, "CUPS did not come up"
            yield environment, pages
        finally:
            server.terminate()

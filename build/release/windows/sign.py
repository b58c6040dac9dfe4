"""Sign the file named on the command line; NSIS calls it for the installer and the uninstaller."""

import sys
from pathlib import Path

from build.release.windows.packages import sign

if __name__ == "__main__":
    sign([Path(sys.argv[1])])

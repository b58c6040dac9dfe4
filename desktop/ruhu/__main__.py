"""`python -m ruhu`, and the entry of the frozen program."""

import multiprocessing
import sys

from ruhu.cli.main import main

if __name__ == "__main__":
    multiprocessing.freeze_support()  # the frozen program is its own helper
    sys.exit(main())

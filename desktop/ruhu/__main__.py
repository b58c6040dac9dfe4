"""`python -m ruhu`, and the entry of the frozen program."""

import multiprocessing
import sys

from ruhu.updates.launcher import launch_current

if __name__ == "__main__":
    multiprocessing.freeze_support()  # the frozen program is its own helper
    code = launch_current(sys.argv[1:])
    if code is None:
        from ruhu.cli.main import main

        code = main()
    sys.exit(code)

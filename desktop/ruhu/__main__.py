"""`python -m ruhu`, and the entry of the frozen program."""

import sys

from ruhu.cli.main import main

if __name__ == "__main__":
    sys.exit(main())

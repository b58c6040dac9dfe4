"""`python -m build.qa.bench`: loads what it measures with only where it is started itself.

The program's helpers load the main module once more; theirs must be as light as the program's own.
"""

import sys

if __name__ == "__main__":
    from build.qa.bench.run import main

    sys.exit(main())

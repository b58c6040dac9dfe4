"""Opens the app; without a display, runs the demo job instead."""

import os
import sys

from ruhu.cli.main import main


def has_display() -> bool:
    """Whether a window can be shown."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if has_display():
        sys.exit(main(["app", *arguments]))
    sys.exit(main(["demo", "--out", "out/demo", *arguments]))

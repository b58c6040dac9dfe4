"""What a passphrase must be."""

MIN_PASSPHRASE_CHARS = 8
"""Characters a passphrase has at least."""

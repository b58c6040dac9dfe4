"""What a passphrase must be."""

SHORTEST = 8
"""Characters a passphrase has at least."""

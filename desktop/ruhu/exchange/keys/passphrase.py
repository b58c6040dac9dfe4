"""The rule for passphrases.

A module of its own, so that the first screen can check it without loading cryptography.
"""

MIN_PASSPHRASE_CHARS = 8

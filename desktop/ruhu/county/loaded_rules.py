"""Imported for what it does: reads the rules of every text, so that the processes split off from one that has
imported it need not (see `ahead`).
"""

from ruhu.policy.packs import load_packs

load_packs()

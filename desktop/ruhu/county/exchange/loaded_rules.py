"""Imported for what it does: reads the rules of every text, and how records of every kind are read, so that
the processes split off from one that has imported it need not (see `ahead`).
"""

from ruhu.policy.evaluation.record_reader import load_reader
from ruhu.policy.packs.loader import load_packs
from ruhu.survey.facts.catalogue import MODELS

load_packs()
for kind in MODELS:
    load_reader(kind, whole=False)

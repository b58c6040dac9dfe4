"""Imported for its side effect: loads all policy packs and readers in the fork server.

Worker processes forked from it do not load them again; see `parallel_open`.
"""

from ruhu.policy.evaluation.record_reader import load_reader
from ruhu.policy.packs.loader import load_packs
from ruhu.survey.facts.catalogue import MODELS

load_packs()
for kind in MODELS:
    load_reader(kind, whole=False)

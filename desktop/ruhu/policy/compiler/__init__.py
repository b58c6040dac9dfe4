"""Compile rules to straight-line Python that evaluates and explains them.

No text of a pack ever enters the generated Python. Only the parsed expressions decide which lines are
written; their values are passed as objects, and every name is our own with a number.
"""

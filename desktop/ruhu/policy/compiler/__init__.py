"""Rules turned into straight-line Python: what works them out and what puts them into words.

Nothing of a pack's text ever gets into the Python that is written here: only the parsed expressions
decide which lines stand there, whatever they hold is handed over as an object, and every name is one
of our own with a number.
"""

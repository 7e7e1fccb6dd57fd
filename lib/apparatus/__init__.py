"""A reproducible, source-critical reading of partisan documents.

The layers, lowest first: paths errors text, model knowledge, structure, corpus extract,
tables themes evaluate references, figures show, reader runner book, and the command line.
"""

__version__ = "0.1.0"

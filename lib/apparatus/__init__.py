"""A reproducible, source-critical reading of partisan documents.

The layers, lowest first: paths errors text, model lexicon outputs plan, knowledge structure evaluate execute,
corpus runner, extract readings themes, voices, reading, tables, figures show reader site, bibliography, assembly,
book, and the command line. A test keeps every import going down.
"""

__version__ = "0.1.0"

"""The five texts that people read, coded and found records for.

A text added to the catalog has none of that yet: tests of what was read are tests of these, whatever else is there.
"""

from apparatus.corpus import choose, load_corpus

FIVE = ["air-bulletin-2024-02", "eadaily-2024-10-02", "daily-sabah-oped", "bayramov-article", "caspian-news-2023-10-03"]
CORPUS = choose(load_corpus(), FIVE)

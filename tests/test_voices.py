import pytest

from apparatus.corpus import read_document
from apparatus.extract import KINDS
from apparatus.knowledge import the_knowledge
from apparatus.model import Source, Span
from apparatus.voices import find_voices

CASES = [
    # what is asked about stands between the marks
    ("Turnout was ⟦high⟧.", "own", ""),
    ("The turnout of ⟦76%⟧ underscores the election's significance.", "own", ""),
    ("This gesture reflects ⟦unity⟧.", "own", ""),
    ("President Emmanuel Macron's visit underscores ⟦a deep friendship⟧.", "own", ""),
    ("President Emmanuel Macron said that ⟦20 ships⟧ had sailed.", "reported", "Emmanuel Macron"),
    ("Emmanuel Macron spoke. He stressed that ⟦20 ships⟧ had sailed.", "reported", "Emmanuel Macron"),
    ("⟦Twenty ships⟧ had sailed, Emmanuel Macron said.", "reported", "Emmanuel Macron"),
    ("According to the World Bank, growth reached ⟦3%⟧.", "reported", "World Bank"),
    ("Growth reached ⟦3%⟧, according to the World Bank.", "reported", "World Bank"),
    ('"We sank ⟦20 ships⟧," Emmanuel Macron said.', "quoted", "Emmanuel Macron"),
    ("The mission, which Baku perceives as ⟦a threat⟧, stays.", "reported", "Baku (Azerbaijan)"),
    ("Macron said little; the war killed ⟦40 people⟧.", "own", ""),
    ('The "⟦sharing economy⟧" is not new.', "own", ""),
    ("The port's head, Ana Souza, said that ⟦20 ships⟧ had sailed.", "reported", "Ana Souza"),
    ("Ana Souza, who beat Eva Lind in May, said ⟦40 people⟧ had left.", "reported", "Ana Souza"),
    ("Souza said ⟦40 people⟧ had left. Ana Souza is the mayor.", "reported", "Ana Souza"),
    ("The World Bank met in Lima. Growth, it said, reached ⟦3%⟧.", "reported", "World Bank"),
    ("Ana Souza's party held ⟦40 seats⟧.", "own", ""),
]


@pytest.mark.parametrize(("text", "kind", "speaker"), CASES)
def test_the_voice_of_a_passage(text, kind, speaker):
    raw = text.replace("⟦", "").replace("⟧", "")
    start, end = text.index("⟦"), text.index("⟧") - 1
    known = the_knowledge()
    doc = read_document(Source(id="case", file="case.txt", issued="2024-05-03"), raw)
    span = Span(source="case", start=start, end=end, exact=raw[start:end])
    [voice] = find_voices(doc, [span], KINDS["quotes"](doc, known), known)
    assert (voice.kind, voice.speaker) == (kind, speaker)


def test_many_spans_get_the_voice_that_each_alone_gets():
    known = the_knowledge()
    raw = 'Macron said that 20 ships sailed. There were 30 men. "I saw 40 boats," Olaf Scholz said.'
    doc = read_document(Source(id="case", file="case.txt"), raw)
    quotes, numbers = KINDS["quotes"](doc, known), KINDS["numbers"](doc, known)
    together = find_voices(doc, numbers, quotes, known)
    assert together == [find_voices(doc, [number], quotes, known)[0] for number in numbers]
    assert [voice.kind for voice in together] == ["reported", "own", "quoted"]

import pytest

from apparatus.corpus import read_document, the_corpus
from apparatus.extract import KINDS
from apparatus.knowledge import the_knowledge
from apparatus.model import Source, Span
from apparatus.tables import count_words
from apparatus.voices import find_speech, find_voices

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
    # a span that holds the verb too has the voice of most of its letters
    ("⟦President Emmanuel Macron said that 20 ships had sailed from the port⟧.", "reported", "Emmanuel Macron"),
    ('⟦"We sank 20 ships," he said⟧. Emmanuel Macron left.', "quoted", "Emmanuel Macron"),
    # what is claimed, and what is done with a claim
    ("Emmanuel Macron's claim that ⟦20 ships had sailed⟧ was false.", "reported", "Emmanuel Macron"),
    ("Emmanuel Macron's claim that 20 ships had sailed has ⟦angered the port⟧.", "own", ""),
    ("Emmanuel Macron's claim that no ship may leave the port or the bay ⟦plainly harms trade⟧.", "own", ""),
    (
        "Emmanuel Macron's claim that ⟦no ship may leave the port⟧ or the bay plainly harms trade.",
        "reported",
        "Emmanuel Macron",
    ),
    ("Emmanuel Macron's claim that 20 ships had sailed ⟦angered the port⟧.", "own", ""),
    ("Emmanuel Macron's claim that those who sailed in May had sunk ⟦was false⟧.", "own", ""),
    (
        "Claims that it was Lima that fell, the loss of the port, and the charge that it has debts ⟦fitted the plan⟧.",
        "own",
        "",
    ),
    (
        "Claims that it was Lima that fell, ⟦the loss of the port⟧, and the charge that it has debts fitted the plan.",
        "own",
        "",
    ),
    (
        "Olaf Scholz ignored Emmanuel Macron's claim that ⟦ships had sailed and the port was lost⟧.",
        "reported",
        "Emmanuel Macron",
    ),
    ("Emmanuel Macron's remarks underscore ⟦the shifting balance⟧.", "own", ""),
    ("Emmanuel Macron stressed that ⟦20 ships⟧ had sailed, underscoring the need.", "reported", "Emmanuel Macron"),
    ("Emmanuel Macron stressed that 20 ships had sailed, underscoring ⟦the need⟧.", "own", ""),
    ("So bold was the claim, and so bad a position that ⟦it failed⟧.", "own", ""),
    # nobody, or somebody without a name
    ("It is argued that ⟦20 ships had sailed⟧.", "reported", ""),
    ("Analysts say that ⟦20 ships had sailed⟧.", "reported", "analysts"),
    ("German experts tend to explain ⟦the weak growth⟧.", "reported", "German experts"),
    ("Then French and German experts tend to explain ⟦the weak growth⟧.", "reported", "French and German experts"),
    ("Macron and German experts stated that ⟦growth is weak⟧.", "reported", "German experts"),
    ("Emmanuel Macron's speech was long, sending a clear message that ⟦trade grew⟧.", "reported", "Emmanuel Macron"),
    ("Emmanuel Macron's visit was long, sending a clear message that ⟦trade grew⟧.", "reported", ""),
    # a document speaks for whoever issued it
    ("The statement of the World Bank indicated that ⟦growth was slow⟧.", "reported", "World Bank"),
    ("According to the report, ⟦Peru lost 3% of its forest⟧.", "reported", "report"),
    # where a speech ends
    ("While Emmanuel Macron stressed unity, the port ⟦lost 40 ships⟧.", "own", ""),
    ("Emmanuel Macron praised the port, underscoring ⟦the weight of trade⟧.", "own", ""),
    ("Emmanuel Macron said 20 ships sailed, while Olaf Scholz said ⟦30 did⟧.", "reported", "Olaf Scholz"),
    ("Emmanuel Macron praised the port, but ⟦may sell it⟧ after the war.", "own", ""),
    ("Emmanuel Macron praised the port and ⟦reached the sea in May⟧.", "own", ""),
    ("Emmanuel Macron stressed that the port is lost, ⟦but may be sold⟧.", "reported", "Emmanuel Macron"),
    ("Emmanuel Macron praised ships that sail far and ⟦will return⟧.", "reported", "Emmanuel Macron"),
    ('"We sank 20 ships," Emmanuel Macron said ⟦on Monday⟧.', "own", ""),
    ("The aid is perceived by the World Bank as ⟦a threat⟧.", "reported", "World Bank"),
    ("The aid is informed by ⟦what the World Bank did⟧.", "own", ""),
    # whom "they" means: nobody in brackets, no document, nobody where many have no name
    ("The World Bank met. Lima (Peru Port Authority) sank. They said that ⟦trade grew⟧.", "reported", "World Bank"),
    (
        "The papers found by Olaf Scholz (Lima Council Resolutions 8 and 9) are old. They recognize ⟦the port⟧.",
        "own",
        "",
    ),
    ("Lima Council Resolutions came in May. First, they recognize ⟦the port⟧.", "own", ""),
    ("The World Bank met. The two agreements are old. Third, they recognize ⟦the port⟧.", "own", ""),
    # what shows is no speech; a plural is no verb
    ("Emmanuel Macron met Olaf Scholz. It underscores ⟦a deep friendship⟧.", "own", ""),
    ("Emmanuel Macron sees merit in the Baltic states as ⟦a market⟧.", "own", ""),
    ("The records, and those of Emmanuel Macron, clearly indicate that ⟦20 ships sailed⟧.", "own", ""),
    ("Emmanuel Macron wants ⟦20 ships⟧.", "own", ""),
    ("Emmanuel Macron spoke. War made trade vital, placing the Turkic states ⟦as a market⟧.", "own", ""),
    ("Emmanuel Macron spoke. In a union, the Baltic states ⟦can double trade⟧.", "own", ""),
    ("Emmanuel Macron spoke. He sees merit in the German states ⟦to double trade⟧.", "own", ""),
    ("Emmanuel Macron spoke. The Frenchman states that ⟦trade grew⟧.", "reported", "Emmanuel Macron"),
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


def speech_of(raw):
    doc, known = read_document(Source(id="case", file="case.txt"), raw), the_knowledge()
    return doc, find_speech(doc, KINDS["quotes"](doc, known), known)


def test_every_word_is_in_exactly_one_piece():
    for doc in the_corpus().values():
        pieces = find_speech(doc, KINDS["quotes"](doc, the_knowledge()), the_knowledge())
        assert sum(piece.length for piece in pieces) == count_words(doc)
        places = [place for piece in pieces for place in range(piece.start, piece.end)]
        assert len(places) == len(set(places))
        assert all(doc.raw[piece.start : piece.end] == piece.exact for piece in pieces)


def test_a_sentence_is_cut_where_the_voice_changes():
    _, pieces = speech_of('Rain fell. Emmanuel Macron said that "the port is lost," adding that 20 ships sank.')
    assert [(one.voice, one.speaker, one.words) for one in pieces] == [
        ("own", "", "Rain fell."),
        ("own", "", "Emmanuel Macron said"),
        ("reported", "Emmanuel Macron", 'that "'),
        ("quoted", "Emmanuel Macron", "the port is lost,"),
        ("reported", "Emmanuel Macron", '" adding that 20 ships sank.'),
    ]


def test_a_speech_told_without_a_verb_of_saying_is_the_documents_own():
    _, pieces = speech_of("Emmanuel Macron said that the port is lost. The ships will never return.")
    assert [one.voice for one in pieces] == ["own", "reported", "own"]


def test_a_span_cut_by_a_caption_has_the_voice_of_its_own_words():
    known, cut = the_knowledge(), 0
    for doc in the_corpus().values():
        quotes = [one for one in KINDS["quotes"](doc, known) if one.type == "direct"]
        for zone in (one for one in doc.zones if one.kind == "caption"):
            for quote in (one for one in quotes if one.start < zone.start < zone.end < one.end):
                start, end = zone.start - 8, zone.end + 12
                span = Span(source=doc.source.id, start=start, end=end, exact=doc.raw[start:end])
                [voice] = find_voices(doc, [span], quotes, known)
                assert (voice.kind, voice.speaker) == ("quoted", quote.speaker)
                cut += 1
    assert cut


def test_a_caption_inside_a_quotation_is_not_quoted():
    for doc in the_corpus().values():
        quotes = KINDS["quotes"](doc, the_knowledge())
        inside = [zone for zone in doc.zones for one in quotes if one.start < zone.start < zone.end < one.end]
        pieces = find_speech(doc, quotes, the_knowledge())
        assert not [
            one
            for one in pieces
            for zone in inside
            if zone.kind == "caption" and zone.start <= one.start < zone.end and one.voice == "quoted"
        ]

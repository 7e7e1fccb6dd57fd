import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apparatus.text import View, trim

raws = st.text(alphabet=st.sampled_from("ab -\n\u00a0\u200b“”é🌟."), max_size=60)


@given(raws)
def test_every_interval_of_a_cleaned_view_lies_inside_raw_and_holds_what_it_shows(raw: str) -> None:
    view = View.of(raw).sub("[\u200b]", "").sub(r"\s+", " ")
    for start in range(len(view)):
        for end in range(start + 1, min(start + 5, len(view)) + 1):
            first, last = view.to_raw(start, end)
            assert 0 <= first < last <= len(raw)
            shown = re.sub(r"\s+", " ", raw[first:last].replace("\u200b", ""))
            assert view.text[start:end] == shown


@given(raws)
def test_normalising_twice_changes_nothing(raw: str) -> None:
    once = View.of(raw).sub(r"\s+", " ")
    assert once.sub(r"\s+", " ").text == once.text


@given(raws)
def test_from_raw_inverts_to_raw_where_nothing_was_replaced(raw: str) -> None:
    view = View.of(raw)
    for start in range(len(raw)):
        assert view.from_raw(start, start + 1) == (start, start + 1)


def test_a_view_in_another_order_refuses_an_interval_that_runs_backwards() -> None:
    raw = "second first "
    view = View.join([View.of(raw, 7, 13), View.of(raw, 0, 7)])
    assert view.text == "first second "
    assert view.jumps == [6]
    assert view.to_raw(0, 5) == (7, 12)
    with pytest.raises(ValueError, match="runs backwards"):
        view.to_raw(0, 12)


def test_an_interval_across_removed_text_takes_it_along() -> None:
    view = View.of("an-[caption]nexation").sub(r"-\[.*\]", "")
    assert view.text == "annexation"
    assert view.to_raw(0, 10) == (0, 20)


def test_what_the_view_does_not_show_has_no_place_in_it() -> None:
    assert View.of("a\u200bb").sub("\u200b", "").from_raw(1, 2) is None


@pytest.mark.parametrize("interval", [(0, 0), (2, 1), (-1, 1), (0, 9)])
def test_an_interval_outside_the_view_is_refused(interval: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no interval"):
        View.of("abc").to_raw(*interval)


def test_a_pattern_that_matches_nothing_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="empty string"):
        View.of("abc").sub("x*", "y")


words = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 4), st.text("xy ", max_size=3)), max_size=6)


@given(raws, words)
def test_new_words_stand_for_the_whole_of_what_they_replace_and_old_ones_for_themselves(
    raw: str, gaps: list[tuple[int, int, str]]
) -> None:
    places, expected, at = [], [], 0
    for skipped, length, new in gaps:
        start, end = at + skipped, at + skipped + length
        if end <= len(raw):
            places.append((start, end, new))
            expected += [(raw[one], one, one + 1) for one in range(at, start)]
            expected += [(character, start, end) for character in new]
            at = end
    expected += [(raw[one], one, one + 1) for one in range(at, len(raw))]
    view = View.of(raw).replace(places)
    assert list(zip(view.text, view.starts.tolist(), view.ends.tolist(), strict=True)) == expected


def test_a_replacement_of_a_replacement_stands_for_the_same_raw_text() -> None:
    view = View.of("a -- b").sub("--", "—").sub(" — ", ", ")
    assert (view.text, view.to_raw(1, 3), view.to_raw(3, 4)) == ("a, b", (1, 5), (5, 6))


@pytest.mark.parametrize(("replacement", "text"), [(r"<\1>", "<a>-<b>"), (str.upper, None), ("", "-")])
def test_a_replacement_is_a_template_or_a_function(replacement: object, text: str | None) -> None:
    if text is None:
        assert View.of("a-b").sub("([ab])", lambda match: match[1].upper()).text == "A-B"
    else:
        assert View.of("a-b").sub("([ab])", str(replacement)).text == text


def test_trim_leaves_an_empty_interval_of_blanks() -> None:
    assert trim("   ", 0, 3) == (3, 3)


@given(raws, st.integers(0, 60), st.integers(0, 60))
def test_the_runs_of_an_interval_are_all_that_is_shown_of_it(raw: str, first: int, last: int) -> None:
    view = View.join([View.of(raw).cut(0, len(raw) // 2), View.of("-"), View.of(raw).cut(len(raw) // 2, len(raw))])
    places = [at for run in view.runs(first, last) for at in range(*run)]
    assert places == [at for at, start in enumerate(view.starts) if first <= start < last]

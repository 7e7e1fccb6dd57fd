"""Statistics give what their papers' worked examples give."""

from math import isnan

import pytest

from apparatus.stats import alpha_interval, krippendorff_alpha

OBSERVERS = [  # Krippendorff 2011, part C: four observers, twelve units, "." where one did not code
    "123321412...",
    "1233224125.3",
    ".3332342251.",
    "12332441251.",
]


def coded(*rows: str) -> list[list[str | None]]:
    return [[None if code == "." else code for code in row] for row in rows]


@pytest.mark.parametrize(
    ("rows", "alpha"),
    [
        (["0100000010", "1110010000"], 0.095),  # part A, binary, two observers
        (["aabbdcccedda", "babbbccceddd"], 0.692),  # part B, nominal, two observers
        (OBSERVERS, 0.743),  # part C, nominal, any number of observers, missing codes
    ],
)
def test_alpha_is_that_of_krippendorffs_worked_examples(rows: list[str], alpha: float) -> None:
    assert round(krippendorff_alpha(coded(*rows)), 3) == alpha


def test_alpha_does_not_depend_on_the_order_of_coders_or_units() -> None:
    turned = [row[::-1] for row in reversed(OBSERVERS)]
    assert krippendorff_alpha(coded(*turned)) == pytest.approx(krippendorff_alpha(coded(*OBSERVERS)), abs=1e-12)


@pytest.mark.parametrize("rows", [["aaa", "aaa"], ["ab.", "..a"], ["abc"], [], ["", ""]])
def test_alpha_is_undefined_without_variation_or_pairs(rows: list[str]) -> None:
    assert isnan(krippendorff_alpha(coded(*rows)))
    assert all(map(isnan, alpha_interval(coded(*rows))))


def test_alphas_interval_holds_it_and_is_wider_over_few_clusters() -> None:
    rows = ["abcabcabcabcabcabcabcabc", "abcabbabcabcacbabcabcabb"]
    low, high = alpha_interval(coded(*rows))
    assert low < krippendorff_alpha(coded(*rows)) < high
    assert (low, high) == alpha_interval(coded(*rows)), "the same seed draws the same"
    alone = alpha_interval(coded(*rows), clusters=[str(unit) for unit in range(24)])
    assert alone == (low, high), "each unit its own cluster is no clustering"
    together = alpha_interval(coded(*[row * 4 for row in rows]), clusters=[str(unit % 24) for unit in range(96)])
    separate = alpha_interval(coded(*[row * 4 for row in rows]))
    assert together[1] - together[0] > separate[1] - separate[0], "copies in one cluster add no knowledge"


def test_perfect_agreement_has_the_point_one_as_interval() -> None:
    assert alpha_interval(coded("abab", "abab")) == (1.0, 1.0)


def test_ragged_rows_and_clusters_are_refused() -> None:
    with pytest.raises(ValueError, match="different lengths"):
        krippendorff_alpha(coded("ab", "a"))
    with pytest.raises(ValueError, match="each unit has one cluster"):
        alpha_interval(coded("ab", "ab"), clusters=["one"])

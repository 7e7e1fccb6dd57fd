"""Statistics give what their papers' worked examples give."""

from math import isnan

import numpy as np
import pytest

from apparatus.stats import (
    adjusted,
    alpha_interval,
    deviation_of_proportions,
    krippendorff_alpha,
    least_counts,
    log_dice,
    log_likelihood,
    log_ratio,
    p_values,
    wilson_interval,
)

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


@pytest.mark.parametrize(
    ("counts", "g2", "p"),
    [  # scipy 1.17.1, chi2_contingency(correction=False, lambda_="log-likelihood")
        ((110, 2552, 111, 29225), 270.721876936225, 7.899144990001107e-61),
        ((20, 1000, 10, 1000), 3.448742375226546, 0.06329991685134406),
        ((0, 500, 12, 4000), 2.8308004274192164, 0.09247226017177736),
        ((15, 1200, 15, 18000), 43.678876677982515, 3.8692557519710516e-11),
        ((300, 20000, 100, 9000), 7.179403922124209, 0.007374520424853737),
        ((7, 7, 3, 10), 10.81752371015818, 0.0010054387647939482),
    ],
)
def test_log_likelihood_and_its_p_value_are_those_of_scipy(counts, g2: float, p: float) -> None:
    assert float(log_likelihood(*counts)) == pytest.approx(g2, rel=1e-10)
    assert float(p_values(g2)) == pytest.approx(p, rel=1e-9)


def test_log_likelihood_is_dunnings_and_near_the_short_formula_of_rayson_and_garside() -> None:
    assert round(float(log_likelihood(110, 2552, 111, 29225)), 2) == 270.72  # Dunning 1993, table 1, "the swiss"
    a, m, b, n = 30, 20000, 10, 30000
    rate = (a + b) / (m + n)
    short = 2 * (a * np.log(a / (m * rate)) + b * np.log(b / (n * rate)))
    assert float(log_likelihood(a, m, b, n)) == pytest.approx(short, rel=0.002)


def test_log_likelihood_is_none_for_equal_rates_and_the_same_from_either_side() -> None:
    assert float(log_likelihood(5, 1000, 10, 2000)) == pytest.approx(0, abs=1e-9)
    assert float(log_likelihood(3, 100, 9, 900)) == pytest.approx(float(log_likelihood(9, 900, 3, 100)))


BENJAMINI_HOCHBERG = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
                      0.6528, 0.7590, 1.0]  # fmt: skip


def test_the_worked_example_of_benjamini_and_hochberg_keeps_four_and_holm_three() -> None:
    kept = adjusted(BENJAMINI_HOCHBERG)
    assert (kept <= 0.05).sum() == 4
    assert kept[:5] == pytest.approx([0.0015, 0.003, 0.0095, 0.035625, 0.0603])  # scipy.stats.false_discovery_control
    strict = adjusted(BENJAMINI_HOCHBERG, "Holm")
    assert (strict <= 0.05).sum() == 3
    assert strict[:5] == pytest.approx([0.0015, 0.0056, 0.0247, 0.114, 0.2211])  # statsmodels, method="holm"


def test_corrected_p_values_keep_their_places_and_an_unknown_correction_is_refused() -> None:
    assert adjusted([0.04, 0.01, 0.03]) == pytest.approx([0.04, 0.03, 0.04])
    assert len(adjusted([])) == 0
    with pytest.raises(ValueError, match="it is one of Benjamini-Hochberg, Holm"):
        adjusted([0.1], "Bonferroni")


@pytest.mark.parametrize(
    ("counts", "expected"),
    [  # scipy 1.17.1, relative_risk(...).confidence_interval(), in logarithms of 2
        ((110, 2552, 111, 29225), (3.5044466377, 3.1285328732, 3.8803604022)),
        ((20, 1000, 10, 1000), (1.0, -0.0878111041, 2.0878111041)),
        ((15, 1200, 15, 18000), (3.9068905956, 2.8778334256, 4.9359477656)),
        ((300, 20000, 100, 9000), (0.4329594073, 0.1084314214, 0.7574873932)),
    ],
)
def test_the_log_ratio_and_its_interval_are_those_of_scipys_relative_risk(counts, expected) -> None:
    assert [float(one) for one in log_ratio(*counts)] == pytest.approx(expected, abs=1e-9)


def test_a_word_that_is_absent_counts_as_a_half_and_turned_round_the_ratio_changes_sign() -> None:
    ratio, low, high = log_ratio(0, 500, 12, 4000)
    assert float(ratio) == pytest.approx(np.log2((0.5 / 500) / (12 / 4000)))
    assert low < ratio < high
    turned = log_ratio(12, 4000, 0, 500)
    assert [float(one) for one in turned] == pytest.approx([-float(one) for one in (ratio, high, low)])


def test_between_the_least_counts_nothing_can_be_told_from_chance() -> None:
    low, high = least_counts(1000, 20, 10000, p=0.001)
    assert low == -1, "of a word that is rare elsewhere not even absence is notable"
    assert float(p_values(log_likelihood(high, 1000, 20, 10000))) <= 0.001
    assert float(p_values(log_likelihood(high - 1, 1000, 20, 10000))) > 0.001
    low, high = least_counts(10000, 100, 10000, p=0.001)
    assert 0 <= low < 100 < high
    assert float(p_values(log_likelihood(low, 10000, 100, 10000))) <= 0.001
    assert float(p_values(log_likelihood(low + 1, 10000, 100, 10000))) > 0.001


def test_dispersion_is_that_of_griess_worked_example() -> None:
    sizes = [9, 10, 10, 10, 11]  # Gries 2008, the corpus of five parts; "a" stands 1 to 5 times, "b" twice in each
    assert deviation_of_proportions([1, 2, 3, 4, 5], sizes)[0] == pytest.approx(0.18)
    assert deviation_of_proportions([2, 2, 2, 2, 2], sizes)[0] == pytest.approx(0.02)
    assert deviation_of_proportions([1, 2, 3, 4, 5], sizes)[1] == pytest.approx(0.18 / (1 - 9 / 50))


def test_the_norm_of_dispersion_reaches_one_and_what_is_absent_has_none() -> None:
    assert deviation_of_proportions([0, 7], [10, 10]) == pytest.approx((0.5, 1.0))
    assert deviation_of_proportions([3, 3], [10, 10]) == pytest.approx((0.0, 0.0))
    assert deviation_of_proportions([3], [10]) == (0.0, 0.0)
    assert all(map(isnan, deviation_of_proportions([0, 0], [10, 10])))


def test_log_dice_has_its_maximum_and_falls_by_one_for_each_halving() -> None:
    assert float(log_dice(50, 50, 50)) == 14
    assert float(log_dice(25, 50, 50)) == 13
    assert float(log_dice(1, 2**14, 2**14)) == 0, "Rychlý 2008: 0 is one co-occurrence in 16,384"
    assert float(log_dice(10, 100, 300)) == pytest.approx(14 + np.log2(20 / 400))


@pytest.mark.parametrize(
    ("successes", "n", "expected"),
    [  # Newcombe 1998, table I, method 3
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0000, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_wilsons_interval_is_that_of_newcombes_examples(successes: int, n: int, expected: tuple[float, float]) -> None:
    assert wilson_interval(successes, n) == pytest.approx(expected, abs=5e-5)


def test_wilsons_interval_at_its_edges() -> None:
    assert wilson_interval(0, 0) == (0, 1)
    assert wilson_interval(20, 20)[1] == 1
    for wrong in [(3, 2), (-1, 5)]:
        with pytest.raises(ValueError, match="is no share"):
            wilson_interval(*wrong)
    with pytest.raises(ValueError, match="lies between 0 and 1"):
        wilson_interval(1, 2, level=95)

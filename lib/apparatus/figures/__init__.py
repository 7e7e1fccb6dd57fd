"""Figures in one house style. Each `plot_*` returns Axes without a title: the caption says what the figure shows."""

from apparatus.figures.portraits import plot_map as plot_map
from apparatus.figures.positions import plot_pairs as plot_pairs
from apparatus.figures.positions import plot_positions as plot_positions
from apparatus.figures.quality import plot_quality as plot_quality
from apparatus.figures.reconcile import plot_ladders as plot_ladders
from apparatus.figures.reconcile import plot_stated as plot_stated
from apparatus.figures.reconcile import plot_verdicts as plot_verdicts
from apparatus.figures.references import plot_bearing as plot_bearing
from apparatus.figures.references import plot_records as plot_records
from apparatus.figures.reuse import plot_rewording as plot_rewording
from apparatus.figures.reuse import plot_ribbons as plot_ribbons
from apparatus.figures.symmetry import plot_exchange as plot_exchange
from apparatus.figures.terms import plot_contrast as plot_contrast
from apparatus.figures.terms import plot_dispersion as plot_dispersion
from apparatus.figures.terms import plot_keyness as plot_keyness
from apparatus.figures.themes import plot_names as plot_names
from apparatus.figures.themes import plot_places as plot_places
from apparatus.figures.themes import plot_quantities as plot_quantities
from apparatus.figures.themes import plot_terms as plot_terms
from apparatus.figures.themes import plot_zones as plot_zones
from apparatus.figures.timeline import plot_events as plot_events
from apparatus.figures.timeline import plot_timeline as plot_timeline
from apparatus.figures.voices import plot_about as plot_about
from apparatus.figures.voices import plot_score as plot_score

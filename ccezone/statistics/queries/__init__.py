"""Read models of exports and of a firm's own figures."""

from ccezone.statistics.queries.exports import archive
from ccezone.statistics.queries.figures import BY, FactRow, Figure, Span, figure_rows, figures

__all__ = ["BY", "FactRow", "Figure", "Span", "archive", "figure_rows", "figures"]

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table: what was measured, and what it may be at most."""

    what: str
    value: float
    goal: float
    unit: str

    @property
    def reached(self) -> bool:
        return self.value <= self.goal


def print_figures(figures: Iterable[Figure]) -> bool:
    """Print the table; True when every goal is reached."""
    figures = list(figures)
    table = Table("what", "measured", "goal", "", title="medians of one run")
    for figure in figures:
        table.add_row(
            figure.what,
            f"{figure.value:.2f} {figure.unit}",
            f"≤ {figure.goal:g} {figure.unit}",
            "reached" if figure.reached else "[red]missed[/red]",
        )
    Console().print(table)
    return all(figure.reached for figure in figures)

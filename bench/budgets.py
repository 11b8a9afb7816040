"""The budgets (docs/performance.md) as data, and whether a run kept them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """One promise: what must hold, what we aim at, and whether more or less is better."""

    name: str
    must: float
    aim: float
    unit: str = "x"
    more_is_better: bool = True

    def keeps(self, measured: float, bound: float) -> bool:
        """Whether a figure is within a bound."""
        return measured >= bound if self.more_is_better else measured <= bound

    def line(self, measured: float) -> str:
        """The budget's line at the end of a run."""
        word = "ok" if self.keeps(measured, self.must) else "MISSED"
        if self.keeps(measured, self.aim):
            word = "ok, aim reached"
        return f"{self.name:<62} {self.must:>7g} {self.aim:>7g} {measured:>8.3g} {self.unit:<3} {word}"


def throughput(page: str, must: float, aim: float) -> Budget:
    """What a page's throughput is against the bare page's."""
    return Budget(f"throughput: {page}", must, aim)


def at_most(name: str, must: float, aim: float, unit: str = "") -> Budget:
    """What shall be small."""
    return Budget(name, must, aim, unit, more_is_better=False)


HEADINGS = f"{'budget':<62} {'must':>7} {'aim':>7} {'measured':>8}"


def report(results: list[tuple[Budget, float]]) -> tuple[str, bool]:
    """One line per budget, and whether every must was kept."""
    lines = [HEADINGS, *(budget.line(measured) for budget, measured in results)]
    return "\n".join(lines), all(budget.keeps(measured, budget.must) for budget, measured in results)

"""What a bench answers with."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One task measured against a floor of the same run, in the same unit (seconds, MB).

    The floor is the least that the machine needs for the same bytes or rows, so that ``limit``,
    the largest allowed ``measured / floor``, holds on a slow machine too.
    """

    name: str
    floor: float
    measured: float
    limit: float
    unit: str = "s"

    @property
    def ratio(self) -> float:
        """How many times the floor the task took."""
        return self.measured / self.floor

    @property
    def ok(self) -> bool:
        """Whether the limit holds."""
        return self.ratio <= self.limit

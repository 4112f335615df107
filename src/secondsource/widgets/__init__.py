"""What people see: one module and one JavaScript file per widget."""

from secondsource.widgets.comparison import ComparisonView
from secondsource.widgets.labeller import Labeller

__all__ = ["ComparisonView", "Labeller"]

"""What people see: one module and one JavaScript file per widget."""

from secondsource.widgets.chains import ChainBuilder
from secondsource.widgets.comparison import ComparisonView
from secondsource.widgets.labeller import Labeller
from secondsource.widgets.sorter import Sorter

__all__ = ["ChainBuilder", "ComparisonView", "Labeller", "Sorter"]

"""Pictures of labels and comparisons: drawn by JupyterLab without a network, and readable as text.

==================== ==========================================================
`article_map`        where in the article labels met the key
`confusion`          which label was given where the key has which
`calibration`        how sure readers were, and how often right
`technique_by_voice` whose words use which technique
`census`             labels of texts, beside each other
`techniques_by_hops` techniques and hand-overs
`hand_overs`         how many chains have how many hand-overs
==================== ==========================================================
"""

from secondsource.charts.census import census
from secondsource.charts.chains import hand_overs
from secondsource.charts.confidence import calibration
from secondsource.charts.material import Compared
from secondsource.charts.outcomes import article_map, confusion
from secondsource.charts.picture import Picture
from secondsource.charts.wording import technique_by_voice, techniques_by_hops
from secondsource.errors import UnknownNameError

__all__ = [
    "Picture",
    "article_map",
    "calibration",
    "census",
    "confusion",
    "hand_overs",
    "picture",
    "technique_by_voice",
    "techniques_by_hops",
]

_PICTURES = {"places": article_map, "labels": confusion, "confidence": calibration}


def picture(compared: Compared, of: str) -> Picture:
    """Draw a comparison: its ``places`` in the text, its ``labels`` or its ``confidence``."""
    if of not in _PICTURES:
        raise UnknownNameError("picture", of, _PICTURES)
    return _PICTURES[of](compared)

"""An address as a picture to point a telephone at (QR), drawn as SVG."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

import segno
from markupsafe import Markup

#: The empty edge that readers look for, in dots.
EDGE = 4
#: To find the mask that scanners like best takes 4 ms a picture: those of a few classes that print slips are kept.
KEPT = 128


@lru_cache(maxsize=KEPT)
def drawn(address: str) -> Markup:
    """The picture of an address, as SVG that a page holds: black dots with the class `qr`."""
    picture = BytesIO()
    code = segno.make(address, error="l", boost_error=False, micro=False)
    code.save(
        picture, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=EDGE, svgclass="qr", lineclass=None
    )
    return Markup(picture.getvalue().decode())  # noqa: S704 - numbers of its own making

"""Cuts the font of the recipient's page to what Spanish and English need, in the weights it uses.

Needs fonttools and brotli, which nothing else here does:
`uv run --with fonttools --with brotli scripts/font.py` rewrites web/shared/ui/archivo-es-en.woff2.
"""

from __future__ import annotations

import string
from importlib import import_module
from pathlib import Path

WEB = Path(__file__).resolve().parent.parent / "web"
WHOLE = WEB / "node_modules/@fontsource-variable/archivo/files/archivo-latin-wght-normal.woff2"
CUT = WEB / "shared/ui/archivo-es-en.woff2"
PRINTED = "".join(sign for sign in string.printable if not sign.isspace()) + " "
LETTERS = PRINTED + "áéíóúüñÁÉÍÓÚÜÑ¿¡–—“”\u2018\u2019…·×°ª©"
# From running text to the largest figures of the page.
WEIGHTS = (430, 640)
# Figures of one width. Kerning would be 2 kB more, which on 3G is seen sooner than it is.
FEATURES = ["tnum"]


def main() -> None:
    """Writes the cut font."""
    # Imported by name: type checkers need not have what only this script needs.
    subset, instancer = (
        import_module("fontTools.subset"),
        import_module("fontTools.varLib.instancer"),
    )
    whole = import_module("fontTools.ttLib").TTFont(WHOLE, recalcTimestamp=False)
    font = instancer.instantiateVariableFont(whole, {"wght": WEIGHTS})
    subsetter = subset.Subsetter(subset.Options(layout_features=FEATURES, hinting=False))
    subsetter.populate(text=LETTERS)
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(CUT)


if __name__ == "__main__":
    main()

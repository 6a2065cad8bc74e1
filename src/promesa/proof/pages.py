"""Sets a page with typst: one look for every PDF.

Whatever people wrote reaches typst as JSON data, never as source, so a name cannot become a
command.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from typing import ClassVar

import typst

from promesa.kernel.errors import UnavailableError


class DocumentError(UnavailableError):
    """The page could not be set."""

    code: ClassVar[str] = "document_not_made"
    message: ClassVar[str] = "No pudimos armar el documento. Intenta de nuevo en un minuto."


def typeset(template: bytes, facts: Mapping[str, object], *, made_at: datetime) -> bytes:
    """The template as PDF; the same facts give the same bytes. Takes some 0.2 s of processor.

    Args:
        template: It follows ``look.typ``, and finds the facts as JSON in ``sys.inputs``.
        facts: What varies.
        made_at: Written into the file.

    Raises:
        DocumentError: typst refused, by a picture that is no JPEG, say.
    """
    look = resources.files("promesa.proof").joinpath("look.typ").read_bytes()
    try:
        return typst.compile(
            look + template,
            sys_inputs={"facts": json.dumps(facts)},
            format="pdf",
            ignore_system_fonts=True,
            timestamp=int(made_at.timestamp()),
        )
    except typst.TypstError as fault:
        raise DocumentError from fault

"""Lists come in pages: a limit, and a cursor that says where the next page begins."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any, ClassVar

import msgspec
from litestar.params import Parameter

from promesa.kernel.errors import InvalidError

PAGE_ITEMS_MAX = 200
PAGE_ITEMS_DEFAULT = 50

Limit = Annotated[int, Parameter(ge=1, le=PAGE_ITEMS_MAX, description="Items a page.")]
Cursor = Annotated[
    str | None, Parameter(max_length=200, description="From the page before; opaque.")
]


class CursorError(InvalidError):
    """The cursor is not one of ours."""

    code: ClassVar[str] = "cursor_invalid"
    message = "El cursor de página no sirve. Vuelve a la primera página."


def encode_cursor(value: Any) -> str:
    """An opaque cursor that holds ``value``."""
    return base64.urlsafe_b64encode(msgspec.json.encode(value)).rstrip(b"=").decode()


def decode_cursor(cursor: str | None, kind: Any) -> Any:
    """What a cursor holds, as ``kind``; None for no cursor.

    Raises:
        CursorError: It is not one of ours.
    """
    if cursor is None:
        return None
    try:
        content = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return msgspec.json.decode(content, type=kind, strict=True)
    except (binascii.Error, msgspec.DecodeError, ValueError) as error:
        raise CursorError from error

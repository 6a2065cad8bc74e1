"""Strict request bodies: JSON types as written, unknown fields refused, errors as rows.

Litestar decodes JSON leniently by default ("5" becomes 5, unknown fields pass). Bodies here go
through msgspec in strict mode; the OpenAPI description keeps the type the handler names.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, dataclass_transform

import msgspec
from litestar.dto import AbstractDTO

from promesa.api.reasons import reason_in_spanish
from promesa.kernel.errors import FieldFault, InvalidError

if TYPE_CHECKING:
    from collections.abc import Generator

    from litestar._openapi.schema_generation import SchemaCreator
    from litestar.dto.data_structures import DTOFieldDefinition
    from litestar.openapi.spec import Reference, Schema
    from litestar.typing import FieldDefinition

# RFC 8259, section 6: beyond it two readers of JSON need not agree on the number.
INTEGER_MAX = 2**53 - 1
_PATH = re.compile(r"^(?P<reason>.*?)(?: - at `\$(?P<path>.*)`)?$", re.DOTALL)

_OF_OBJECT = re.compile(
    r"Object (?:(?P<missing>missing required)|contains unknown) field `(?P<name>.+)`"
)


# mypy would take a subclass for mutable: msgspec hands frozen down, dataclasses do not.
@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class Wire(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A body that is sent to us: whatever it does not name is refused."""


@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class View(msgspec.Struct, frozen=True, kw_only=True):
    """A body that we answer with."""


class BodyError(InvalidError):
    """The body of the request is not what this address takes."""

    code: ClassVar[str] = "body_invalid"
    message = "El contenido enviado no tiene la forma esperada. Revisa el campo indicado."


def decode_strictly(content: bytes, kind: Any) -> Any:
    """Decodes JSON into ``kind``.

    Raises:
        BodyError: Names each field of an object that is wrong, and what is wrong with it.
    """
    try:
        return msgspec.json.decode(content, type=kind, strict=True)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BodyError(faults=_faults_of_object(content, kind) or [fault_of(error)]) from error


def _faults_of_object(content: bytes, kind: Any, path: str = "") -> list[FieldFault]:
    """What is wrong with each field, since the decoder stops at the first; [] for no object."""
    if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
        return []
    try:
        said = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return []
    taken = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    faults: list[FieldFault] = []
    for name, field in taken.items():
        if name in said:
            faults += _faults_of_value(bytes(said[name]), field.type, f"{path}{name}")
        elif field.required:
            faults.append(
                FieldFault(field=f"{path}{name}", reason=f"Falta `{name}`.", code="missing")
            )
    if kind.__struct_config__.forbid_unknown_fields:
        faults += [
            FieldFault(
                field=f"{path}{name}",
                reason=f"No conocemos el campo `{name}`. Quítalo.",
                code="unknown",
            )
            for name in said
            if name not in taken
        ]
    return faults


def _faults_of_value(content: bytes, kind: Any, path: str) -> list[FieldFault]:
    try:
        msgspec.json.decode(content, type=kind, strict=True)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        inner = _faults_of_object(content, kind, f"{path}.")
        fault = fault_of(error)
        own = "" if fault.field == "body" else fault.field
        joint = "." if own and not own.startswith("[") else ""
        return inner or [replace(fault, field=f"{path}{joint}{own}")]
    return []


def find_object(raw: msgspec.Raw) -> dict[str, Any] | None:
    """An item of a batch as an object; None for anything else, so that it stops no other."""
    try:
        return decode_strictly(bytes(raw), dict[str, Any])  # type: ignore[no-any-return]
    except BodyError:
        return None


def fault_of(error: Exception, *, row: int | None = None) -> FieldFault:
    """What msgspec found, as a fault with the path of the field."""
    found = _PATH.match(str(error))
    path = (found["path"] or "").lstrip(".") if found else ""
    reason = found["reason"] if found else str(error)
    code = "type"
    if named := _OF_OBJECT.match(reason):
        # Named like the same fault at the top of the body, where each field is looked at.
        path = f"{path}.{named['name']}" if path else named["name"]
        code = "missing" if named["missing"] else "unknown"
    return FieldFault(field=path or "body", reason=reason_in_spanish(reason), row=row, code=code)


class StrictDTO(AbstractDTO[Any]):
    """Makes Litestar hand over bodies decoded by :func:`decode_strictly`."""

    _kinds: ClassVar[dict[str, Any]] = {}

    @classmethod
    def create_for_field_definition(
        cls,
        field_definition: FieldDefinition,
        handler_id: str,
        backend_cls: Any = None,
    ) -> None:
        """Remembers the type that the handler takes."""
        if field_definition.name == "data":
            cls._kinds[handler_id] = field_definition.annotation

    @classmethod
    def is_supported_model_type_field(cls, field_definition: FieldDefinition) -> bool:
        """Answers are encoded as they are."""
        return False

    @classmethod
    def generate_field_definitions(
        cls, model_type: type[Any]
    ) -> Generator[DTOFieldDefinition, None, None]:
        """No transfer model is made."""
        yield from ()

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:
        """No transfer model is made."""
        return False

    @classmethod
    def create_openapi_schema(
        cls,
        field_definition: FieldDefinition,
        handler_id: str,
        schema_creator: SchemaCreator,
    ) -> Reference | Schema:
        """The schema of the type itself."""
        return schema_creator.for_field_definition(field_definition)

    def decode_bytes(self, value: bytes) -> Any:
        """The body as the handler's type."""
        return decode_strictly(value, self._kinds[self.asgi_connection.route_handler.handler_id])

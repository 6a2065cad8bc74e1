"""What the OpenAPI description says of each body: its docstring, and clock times as such."""

from __future__ import annotations

import inspect
from datetime import time
from typing import TYPE_CHECKING

from litestar._openapi.schema_generation.plugins.struct import StructSchemaPlugin
from litestar.openapi.spec import OpenAPIFormat, OpenAPIType, Schema
from litestar.plugins import OpenAPISchemaPlugin

if TYPE_CHECKING:
    from litestar._openapi.schema_generation import SchemaCreator
    from litestar.typing import FieldDefinition


class DescribedBodies(StructSchemaPlugin):
    """Bodies as Litestar describes them, with what their docstrings say of the fields."""

    def to_openapi_schema(
        self, field_definition: FieldDefinition, schema_creator: SchemaCreator
    ) -> Schema:
        """The schema of a body."""
        schema = super().to_openapi_schema(field_definition, schema_creator)
        schema.description = inspect.getdoc(field_definition.type_)
        return schema


class ClockTimes(OpenAPISchemaPlugin):
    """A time of the day is no duration."""

    def is_plugin_supported_field(self, field_definition: FieldDefinition) -> bool:
        """Times alone."""
        return field_definition.annotation is time

    def to_openapi_schema(
        self, field_definition: FieldDefinition, schema_creator: SchemaCreator
    ) -> Schema:
        """RFC 3339, as 18:00:00."""
        del field_definition, schema_creator
        return Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.TIME)

"""Whole structures of arrays handed from kernel to kernel as one machine word.

Numba passes a named tuple by taking it apart: two hundred words for each call that is not
inlined, and minutes of compiling. Here a structure is the address of a header that holds a word
for each number and, for each array, its address and its shape. Kernels read ``day.node[7].place``
as if it were the tuple. Whoever packs a structure keeps it alive while kernels run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir
from numba import config, from_dtype, types
from numba.core import cgutils
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, lower_getattr, models, register_model
from numba.np.arrayobj import populate_array
from numpy.typing import NDArray

WORD_BYTES = 8
_WORD = ir.IntType(8 * WORD_BYTES)
# An integer, a number, or an array's dtype and how many dimensions it has.
INTEGER, NUMBER = "integer", "number"
Field = str | tuple[Any, int]


class Packed:
    """A structure laid out for kernels, and the arrays it points to."""

    def __init__(self, values: NamedTuple, fields: Mapping[str, Field]) -> None:
        self.values = values
        words: list[int] = []
        for name, field in fields.items():
            value = getattr(values, name)
            if field == INTEGER:
                words.append(int(value))
            elif field == NUMBER:
                words.append(int(np.float64(value).view(np.int64)))
            else:
                words += [_address(name, value, field), *value.shape]
        self._header = np.array(words, np.int64)

    @property
    def word(self) -> Any:
        """What the kernel is given; the tuple itself where kernels are not compiled."""
        return self.values if config.DISABLE_JIT else self._header.ctypes.data


def words(*packed: Packed) -> Any:
    """The words of some structures: int64, [structure]."""
    found = [each.word for each in packed]
    return found if config.DISABLE_JIT else np.array(found, np.int64)


def define(name: str, fields: Mapping[str, Field]) -> Any:
    """Makes numba know the structure; gives the kernel that turns a word into it."""
    kind = type(f"{name}Type", (types.Type,), {})(name=name)

    @register_model(type(kind))
    class _Model(models.PrimitiveModel):
        def __init__(self, manager: Any, frontend: Any) -> None:
            super().__init__(manager, frontend, _WORD)

    kinds = {field_name: _kind_of(field) for field_name, field in fields.items()}

    resolved = {
        "key": type(kind),
        "generic_resolve": lambda _template, _kind, field: kinds.get(field),
    }
    infer_getattr(type(f"{name}Fields", (AttributeTemplate,), resolved))
    place = 0
    for field_name, field in fields.items():
        lower_getattr(type(kind), field_name)(_reader(place, kinds[field_name]))
        place += 1 if isinstance(field, str) else 1 + field[1]

    @intrinsic
    def unpacked(_context: Any, _word: Any) -> Any:
        return kind(types.int64), lambda _c, _b, _s, arguments: arguments[0]

    return unpacked if not config.DISABLE_JIT else (lambda values: values)


def _address(name: str, array: NDArray[Any], field: Field) -> int:
    dtype, dimensions = field
    fits = array.dtype == dtype and array.ndim == dimensions and array.flags.c_contiguous
    if not fits:
        raise TypeError(f"{name} is {array.dtype}[{array.ndim}], not {dtype}[{dimensions}]")
    return array.ctypes.data


def _kind_of(field: Field) -> Any:
    """What numba calls the field."""
    if isinstance(field, str):
        return types.int64 if field == INTEGER else types.float64
    dtype, dimensions = field
    return types.Array(from_dtype(np.dtype(dtype)), dimensions, "C")


def _reader(place: int, kind: Any) -> Any:
    """Writes the code that reads a field. No function of its own: compiling one costs a second."""

    def read(context: Any, builder: Any, _structure: Any, header: Any) -> Any:
        def word(number: int) -> Any:
            offset = ir.Constant(_WORD, WORD_BYTES * (place + number))
            return builder.load(builder.inttoptr(builder.add(header, offset), _WORD.as_pointer()))

        if kind == types.int64:
            return word(0)
        if kind == types.float64:
            return builder.bitcast(word(0), ir.DoubleType())
        shape = [word(1 + dimension) for dimension in range(kind.ndim)]
        return _array(context, builder, kind, word(0), shape)

    return read


def _array(context: Any, builder: Any, kind: Any, address: Any, shape: list[Any]) -> Any:
    """An array of that shape, row after row, that owns nothing."""
    record = context.get_data_type(kind.dtype)
    item_bytes = context.get_constant(types.intp, context.get_abi_sizeof(record))
    strides = [item_bytes]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    array = context.make_array(kind)(context, builder)
    populate_array(
        array,
        data=builder.inttoptr(address, record.as_pointer()),
        shape=cgutils.pack_array(builder, shape),
        strides=cgutils.pack_array(builder, strides),
        itemsize=item_bytes,
        meminfo=None,
    )
    return array._getvalue()  # noqa: SLF001  numba knows no other way to the value

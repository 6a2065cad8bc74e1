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
from numba import carray, config, from_dtype, types
from numba.extending import intrinsic, models, overload_attribute, register_model
from numpy.typing import NDArray

WORD_BYTES = 8
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
            super().__init__(manager, frontend, ir.IntType(8 * WORD_BYTES))

    place = 0
    for field_name, field in fields.items():
        overload_attribute(type(kind), field_name)(_reader(place, field))
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


@intrinsic
def _word_at(_context: Any, structure: Any, place: Any) -> Any:
    """The word of the header at a place."""

    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        address = builder.add(
            arguments[0], builder.mul(arguments[1], ir.Constant(ir.IntType(64), WORD_BYTES))
        )
        return builder.load(builder.inttoptr(address, ir.IntType(64).as_pointer()))

    return types.int64(structure, types.int64), code


@intrinsic
def _as_number(_context: Any, word: Any) -> Any:
    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(word), code


def _pointer_to(dtype: Any) -> Any:
    kind = types.CPointer(from_dtype(np.dtype(dtype)))

    @intrinsic
    def pointer(_context: Any, word: Any) -> Any:
        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return builder.inttoptr(arguments[0], context.get_value_type(signature.return_type))

        return kind(word), code

    return pointer


def _reader(place: int, field: Field) -> Any:
    """How a kernel reads one field."""
    if field == INTEGER:
        return lambda structure: lambda structure: _word_at(structure, place)
    if field == NUMBER:
        return lambda structure: lambda structure: _as_number(_word_at(structure, place))
    dtype, dimensions = field
    pointer = _pointer_to(dtype)
    second, third = place + 2, place + 3
    if dimensions == 1:
        return lambda structure: (
            lambda structure: carray(
                pointer(_word_at(structure, place)), _word_at(structure, place + 1)
            )
        )
    if dimensions == 2:
        return lambda structure: (
            lambda structure: carray(
                pointer(_word_at(structure, place)),
                (_word_at(structure, place + 1), _word_at(structure, second)),
            )
        )
    return lambda structure: (
        lambda structure: carray(
            pointer(_word_at(structure, place)),
            (
                _word_at(structure, place + 1),
                _word_at(structure, second),
                _word_at(structure, third),
            ),
        )
    )

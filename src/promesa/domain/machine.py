"""How a state machine of the domain is written down: states, and which may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar, Generic, TypeVar

from promesa.kernel.errors import ConflictError


class TransitionError(ConflictError):
    """The thing is in a state from which this step does not lead on."""

    code: ClassVar[str] = "transition_not_allowed"
    message = "Este paso no corresponde al estado actual. Recarga para ver qué pasó."


S = TypeVar("S", bound=StrEnum)


class Machine(Generic[S]):
    """The allowed steps between the states ``S`` of one noun.

    Args:
        noun: Its name in the dictionary.
        steps: State to the states that may follow; a state that is missing is final.
    """

    def __init__(self, noun: str, steps: Mapping[S, frozenset[S]]) -> None:
        self.noun = noun
        self.steps = steps

    def allows(self, origin: S, target: S) -> bool:
        """Whether ``target`` may follow ``origin``."""
        return target in self.steps.get(origin, frozenset())

    def is_final(self, state: S) -> bool:
        """Whether nothing follows ``state``."""
        return not self.steps.get(state)

    def step(self, origin: S, target: S) -> S:
        """Returns ``target``.

        Raises:
            TransitionError: It may not follow ``origin``.
        """
        if not self.allows(origin, target):
            raise TransitionError(noun=self.noun, state=origin.value, target=target.value)
        return target

"""Stops moved from one route to another, or within one: what is asked, and what takes it back."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec

from promesa.api.decoding import Wire
from promesa.dispatch.choosing import Move

MOVES_MAX = 200


class MoveBody(Wire):
    """One stop to another route, or to another place of its own.

    Right after `after_stop_id`, or before all that is not begun when `is_first`; with neither it
    goes where it costs least. With `after_reload` the van comes back to load between the two.
    """

    stop_id: UUID
    to_route_id: UUID
    after_stop_id: UUID | None = None
    is_first: bool = False
    after_reload: bool = False


class AcceptBody(Wire):
    """The moves to make: those proposed, or part of them."""

    moves: Annotated[list[MoveBody], msgspec.Meta(min_length=1, max_length=MOVES_MAX)]


def read_moves(data: AcceptBody) -> list[Move]:
    """The moves as dispatch knows them."""
    return [
        Move(
            stop_id=move.stop_id,
            to_route_id=move.to_route_id,
            after_stop_id=move.after_stop_id,
            is_first=move.is_first,
            after_reload=move.after_reload,
        )
        for move in data.moves
    ]


def show_move(move: Move) -> MoveBody:
    """A move as it is asked for."""
    return MoveBody(
        stop_id=move.stop_id,
        to_route_id=move.to_route_id,
        after_stop_id=move.after_stop_id,
        is_first=move.is_first,
        after_reload=move.after_reload,
    )

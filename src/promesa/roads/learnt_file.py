"""Learnt speeds as a file of the city folder: whole or not at all, and of this graph alone."""

from __future__ import annotations

import hashlib
import os
import zlib
from dataclasses import fields
from datetime import date
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from promesa.kernel.errors import InvalidError
from promesa.roads.graph import RoadGraph
from promesa.roads.learnt import LearntSpeeds
from promesa.roads.speed_sums import SpeedSums

LEARNT_FILE = "learnt-speeds.npz"
_FORMAT = 1


class LearntFileError(InvalidError):
    """The file of learnt speeds is damaged, or of another version of Promesa."""

    code = "roads_learnt_file"
    message = (
        "No se pueden leer las velocidades aprendidas. Borra el archivo y apréndelas de nuevo con: "
        "promesa roads learn"
    )


def graph_key(graph: RoadGraph) -> str:
    """Equal for graphs whose edges are the same streets in the same order."""
    digest = hashlib.sha256()
    for array in (graph.segment_way, graph.edge_segment, graph.edge_is_reverse):
        digest.update(np.ascontiguousarray(array).tobytes())
    digest.update(np.rint(graph.segment_length_m * 100).astype(np.int64).tobytes())
    return digest.hexdigest()


def save_learnt(learnt: LearntSpeeds, city_dir: Path) -> Path:
    """Writes ``learnt`` beside its place and moves it there, so nobody reads half of it."""
    path = city_dir / LEARNT_FILE
    draft = path.with_suffix(".tmp")
    with draft.open("wb") as file:
        np.savez_compressed(
            file,
            allow_pickle=False,
            about=np.array([_FORMAT, learnt.version, learnt.traces], dtype=np.int64),
            days=np.array([day.isoformat() for day in learnt.days], dtype=np.str_),
            graph_key=np.array(learnt.graph_key),
            k=learnt.k,
            class_slowness=learnt.class_slowness,
            **{item.name: getattr(learnt.sums, item.name) for item in fields(SpeedSums)},
        )
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return path


def find_learnt(city_dir: Path, graph: RoadGraph) -> LearntSpeeds | None:
    """What was learnt of ``graph``; None when nothing was, or it was learnt of another graph.

    Raises:
        LearntFileError: There is a file, and it cannot be read.
    """
    path = city_dir / LEARNT_FILE
    if not path.exists():
        return None
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            number, version, traces = arrays["about"].tolist()
            if number != _FORMAT:
                raise LearntFileError(archivo=str(path), formato=number)
            learnt = LearntSpeeds(
                version=version,
                days=tuple(date.fromisoformat(day) for day in arrays["days"].tolist()),
                traces=traces,
                sums=SpeedSums(**{item.name: arrays[item.name] for item in fields(SpeedSums)}),
                k=arrays["k"],
                class_slowness=arrays["class_slowness"],
                graph_key=str(arrays["graph_key"]),
            )
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error) as error:
        raise LearntFileError(archivo=str(path), causa=str(error)) from error
    return learnt if learnt.graph_key == graph_key(graph) else None

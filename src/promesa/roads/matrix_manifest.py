"""What is whole of a matrix file: a line a chunk, with its check sum, beside the file."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from pathlib import Path

from promesa.roads.row_worker import Chunk

_FORMAT = 1
_SUFFIX = ".manifest.jsonl"


def manifest_path(path: Path) -> Path:
    """Where the manifest of a matrix file stands."""
    return path.with_name(path.name + _SUFFIX)


class Manifest:
    """The chunks of one file that are whole."""

    def __init__(self, path: Path, digest: str, chunks: Sequence[Chunk]) -> None:
        """Keeps what an earlier try finished, if it was of the same points and speeds.

        Every chunk that is said to be whole is read and compared, 0.3 s for 10,000 points; so a
        machine that went down in the middle of it loses that chunk and no more.
        """
        self._path = manifest_path(path)
        said = self._said(digest)
        size = sum(chunk.size for chunk in chunks)
        if said is None or not path.exists() or path.stat().st_size != size:
            said = {}
            with path.open("wb") as file:
                file.truncate(size)
        self.done = {
            chunk.name: said[chunk.name]
            for chunk in chunks
            if chunk.name in said and _check_sum(path, chunk) == said[chunk.name]
        }
        head = {"format": _FORMAT, "digest": digest}
        lines = [head, *({"chunk": name, "crc": crc} for name, crc in self.done.items())]
        text = "".join(json.dumps(line) + "\n" for line in lines)
        self._path.write_text(text, encoding="utf-8")

    def record(self, name: str, crc: int) -> None:
        """One more chunk is whole."""
        self.done[name] = crc
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"chunk": name, "crc": crc}) + "\n")

    def _said(self, digest: str) -> dict[str, int] | None:
        """The chunks an earlier try finished; None when it was of something else."""
        if not self._path.exists():
            return None
        lines = self._path.read_text(encoding="utf-8").splitlines()
        if not lines or _parsed(lines[0]) != {"format": _FORMAT, "digest": digest}:
            return None
        found = [_parsed(line) for line in lines[1:]]
        return {str(line["chunk"]): int(str(line["crc"])) for line in found if "crc" in line}


def _parsed(line: str) -> dict[str, object]:
    """One line; empty when it was cut off."""
    try:
        found = json.loads(line)
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _check_sum(path: Path, chunk: Chunk) -> int:
    with path.open("rb") as file:
        file.seek(chunk.offset)
        return zlib.crc32(file.read(chunk.size))

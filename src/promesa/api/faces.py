"""The three faces as files, and the offline basemap with byte ranges.

Pages are the built web of the package; an unknown path under a face is the face itself, whose
router takes it from there.
"""

from __future__ import annotations

import gzip
import mimetypes
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, Final

from litestar import Request, Response, Router, get
from litestar.response import Redirect

import promesa
from promesa.api.auth import PUBLIC
from promesa.api.decoding import View
from promesa.api.observing import QUIET
from promesa.kernel.errors import NotFoundError, UnavailableError
from promesa.runtime.platform import Platform

WEB_DIRECTORY: Final = Path(promesa.__file__).parent / "web"
# Files with a hash in their name never change.
_HASHED = re.compile(r"-[A-Za-z0-9_-]{8}\.\w+$")
_RANGE = re.compile(r"^bytes=(\d+)-(\d*)$")
# pmtiles asks for at most a directory or a tile; more is somebody else.
RANGE_BYTES_MAX = 4_000_000
_PACKED_SUFFIXES = frozenset({".js", ".mjs", ".css", ".svg"})
ASSETS_PACKED_MAX = 200
_FOREVER = "public, max-age=31536000, immutable"
_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
        "worker-src 'self' blob:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
}
# A policy is read from the page alone: on each of its pieces it would be weight.
_ASSET_HEADERS = {"X-Content-Type-Options": "nosniff"}
# The recipient's page is found by its secret link alone: no index, no referrer.
_PRIVATE_HEADERS = {
    **_SECURITY_HEADERS,
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}

mimetypes.add_type("application/manifest+json", ".webmanifest")
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("font/woff2", ".woff2")


class WebNotBuiltError(UnavailableError):
    """The package has no built web."""

    code: ClassVar[str] = "web_not_built"
    message = "Falta construir la web. Corre `uv sync --reinstall-package promesa`."


class MapView(View):
    """What a map needs to start."""

    center: tuple[float, float]
    bounds: tuple[float, float, float, float]
    attribution: str


@get("/", access=PUBLIC, include_in_schema=False)
async def home(platform: Platform) -> Redirect:
    """The torre; in the demo, signed in on the way."""
    return Redirect("/demo/enter" if platform.is_demo else "/torre/")


@get(["/torre", "/conductor", "/seguimiento"], access=PUBLIC, include_in_schema=False)
async def face_itself(request: Request[Any, Any, Any]) -> Response[Any]:
    """A face; without its last slash, the way to it.

    Both addresses come here, and the server's own path has lost the slash: only the raw one tells.
    """
    face = request.url.path.strip("/")
    if not bytes(request.scope["raw_path"]).endswith(b"/"):
        return Redirect(f"/{face}/")
    return _serve(face, "", _PRIVATE_HEADERS if face == "seguimiento" else _SECURITY_HEADERS)


@get("/torre/{path:path}", access=PUBLIC, include_in_schema=False)
async def torre(path: str) -> Response[bytes]:
    """A file of the torre, or the torre."""
    return _serve("torre", path, _SECURITY_HEADERS)


@get("/conductor/{path:path}", access=PUBLIC, include_in_schema=False)
async def conductor(path: str) -> Response[bytes]:
    """A file of the driver's page, or the page."""
    return _serve("conductor", path, _SECURITY_HEADERS)


@get("/seguimiento/{path:path}", access=PUBLIC, include_in_schema=False)
async def seguimiento(path: str) -> Response[bytes]:
    """A file of the recipient's page, or the page for whatever link it has."""
    return _serve("seguimiento", path, _PRIVATE_HEADERS)


@get("/assets/{path:path}", access=PUBLIC, include_in_schema=False)
async def assets(path: str, request: Request[Any, Any, Any]) -> Response[bytes]:
    """A file that the faces share; text travels packed, since phones open it on slow networks."""
    found = _find(WEB_DIRECTORY / "assets", path)
    if found is None:
        raise NotFoundError
    answer = _answer(found, _ASSET_HEADERS)
    if found.suffix not in _PACKED_SUFFIXES:
        return answer
    accepted = request.headers.get("accept-encoding", "")
    tightest = found.with_name(f"{found.name}.br")
    if "br" in accepted and tightest.is_file():
        answer.content = tightest.read_bytes()
        answer.headers |= {"Content-Encoding": "br", "Vary": "Accept-Encoding"}
    elif "gzip" in accepted:
        answer.content = _packed(found)
        answer.headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return answer


@lru_cache(maxsize=ASSETS_PACKED_MAX)
def _packed(file: Path) -> bytes:
    """The file packed; it never changes, its name carries its hash."""
    return gzip.compress(file.read_bytes(), mtime=0)


def _serve(face: str, path: str, headers: dict[str, str]) -> Response[bytes]:
    folder = WEB_DIRECTORY / face
    found = _find(folder, path)
    if found is not None:
        return _answer(found, _SECURITY_HEADERS)
    page = folder / "index.html"
    if not page.is_file():
        raise WebNotBuiltError
    return _answer(page, headers)


def _find(folder: Path, path: str) -> Path | None:
    """The file at ``path`` below ``folder``, and nothing above it."""
    candidate = (folder / path.lstrip("/")).resolve()
    if not candidate.is_relative_to(folder.resolve()) or not candidate.is_file():
        return None
    return candidate


def _answer(file: Path, headers: dict[str, str]) -> Response[bytes]:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    cache = _FOREVER if _HASHED.search(file.name) else headers.get("Cache-Control", "no-cache")
    return Response(file.read_bytes(), media_type=kind, headers={**headers, "Cache-Control": cache})


@get("/map/config.json", access=PUBLIC, include_in_schema=False)
async def map_config(platform: Platform) -> MapView:
    """Where the city is."""
    city = platform.city
    west, south, east, north = city.bounds
    return MapView(
        center=(city.center.lon, city.center.lat),
        bounds=(west, south, east, north),
        attribution="© OpenStreetMap contributors",
    )


@get("/map/basemap.pmtiles", access=PUBLIC, include_in_schema=False)
async def basemap(platform: Platform, request: Request[Any, Any, Any]) -> Response[bytes]:
    """The offline basemap, by byte ranges (pmtiles asks with Range and needs 206)."""
    file = platform.city.basemap_path
    size = file.stat().st_size
    asked = _RANGE.match(request.headers.get("range", ""))
    headers = {"Accept-Ranges": "bytes", "Cache-Control": "public, max-age=3600"}
    if asked is None:
        return Response(file.read_bytes(), media_type="application/octet-stream", headers=headers)
    first = int(asked[1])
    last = min(int(asked[2]) if asked[2] else size - 1, size - 1, first + RANGE_BYTES_MAX - 1)
    if first >= size or last < first:
        return Response(b"", status_code=416, headers={"Content-Range": f"bytes */{size}"})
    with file.open("rb") as stream:
        stream.seek(first)
        content = stream.read(last - first + 1)
    headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return Response(
        content, status_code=206, media_type="application/octet-stream", headers=headers
    )


router = Router(
    path="",
    route_handlers=[
        home,
        face_itself,
        torre,
        conductor,
        seguimiento,
        assets,
        map_config,
        basemap,
    ],
    include_in_schema=False,
    opt={QUIET: True},
)

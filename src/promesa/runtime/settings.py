"""One frozen tree of settings; each field says its unit and why its default is what it is.

They come from the defaults, then a TOML file, then environment variables named
``PROMESA_SECTION_FIELD``. What is set wrong is said all at once, in plain Spanish.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from promesa.kernel.errors import InvalidError
from promesa.routing.budget import PLAN_ITERATIONS

ENVIRONMENT_PREFIX = "PROMESA_"


class SettingsError(InvalidError):
    """A setting has a value that cannot be used."""

    code: ClassVar[str] = "settings_invalid"
    message = "Hay un ajuste que no sirve. Corrígelo y vuelve a partir."


def _setting(default: Any, reason: str) -> Any:
    """A field with the reason for its default, which docs/reference/settings.md shows."""
    return field(default=default, metadata={"reason": reason})


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSettings:
    """Where the data are."""

    url: str = _setting("", "Empty: a private PostgreSQL server is found or started.")
    directory: str = _setting("", "Empty: /var/lib/promesa as root, ~/.local/share/promesa else.")
    pool_size: int = _setting(10, "Connections. Group commit gains most between 8 and 16.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """What the HTTP edge does."""

    public_url: str = _setting("", "Base of links sent to people. Empty: host and port served.")
    session_h: int = _setting(12, "Hours a torre session lasts: one long shift.")
    driver_session_h: int = _setting(24 * 14, "Hours a phone stays bound: two weeks.")
    driver_link_min: int = _setting(60 * 12, "Minutes a driver's link can be used: a shift.")
    tracking_link_days: int = _setting(30, "Days a recipient's link opens: until a claim.")
    body_bytes_max: int = _setting(1_000_000, "A body with 500 orders takes about 400 kB.")
    shutdown_s: int = _setting(4, "Seconds open streams get at SIGTERM; the promise is 5 in all.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CitySettings:
    """Which city is served."""

    directory: str = _setting("", "Empty: the city that ships, examples/santiago.")


@dataclass(frozen=True, slots=True, kw_only=True)
class GeocoderSettings:
    """An external geocoder, asked last."""

    kind: str = _setting("", "nominatim, google or empty for none: nobody should need a paid one.")
    url: str = _setting("", "Base address of the service.")
    key: str = _setting("", "Secret of the service, where it wants one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """How e-mail leaves."""

    host: str = _setting("", "Empty: e-mail stays in the bandeja.")
    port: int = _setting(587, "Submission port (RFC 6409).")
    user: str = _setting("", "Empty: no sign-in.")
    password: str = _setting("", "Secret.")
    sender: str = _setting("promesa@localhost", "What recipients see as From.")
    tls: str = _setting("starttls", "starttls, implicit or none (only on the same machine).")


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsSettings:
    """How SMS leave: an HTTP API compatible with Twilio's."""

    url: str = _setting("", "Empty: SMS stay in the bandeja.")
    account: str = _setting("", "Account id of the service.")
    token: str = _setting("", "Secret of the service.")
    sender: str = _setting("", "Number or name that sends.")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """How signed webhooks leave."""

    private_networks: bool = _setting(False, "Whether targets on private addresses are allowed.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSettings:
    """How long a plan is searched for."""

    iterations: int = _setting(
        PLAN_ITERATIONS,
        "Search iterations for up to 600 stops: about 8 s of one core. More stops get more.",
    )
    seed: int = _setting(1, "The same seed and iterations give the same plan.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseSettings:
    """What accepting quotes may take."""

    held_max: int = _setting(
        500,
        "Places a merchant holds without an order: a quarter of an hour of payments at 2,000 "
        "orders an hour. A script that only accepts must not close the days for the others.",
    )
    held_share_max: float = _setting(
        0.25,
        "Of the hours and of the room of a depot's day, what one merchant holds without an order, "
        "and one place more. With 1 nothing but the day itself stops it.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TrafficSettings:
    """Where segment speeds of right now come from, beside the fleet and what is drawn."""

    feed_url: str = _setting("", "JSON of docs/operations/traffic-feed.md. Empty: no feed.")
    feed_name: str = _setting("feed", "What screens call it.")
    feed_token: str = _setting("", "Secret sent as a bearer token, where the feed wants one.")
    feed_gap_s: int = _setting(60, "Seconds between two polls, 10 at least: feeds move by minutes.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionSettings:
    """How long what nobody needs any more is kept; 0 keeps it for ever."""

    track_days: int = _setting(
        90,
        "Days tracks and estimated arrivals are kept: claims come within three months.",
    )
    orphan_h: int = _setting(
        48, "Hours a picture without a record is kept; a commit takes seconds."
    )
    reservation_days: int = _setting(
        120,
        "Days accepted quotes are kept: their outcomes put odds right for 90 of them.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set."""

    database: DatabaseSettings = DatabaseSettings()
    server: ServerSettings = ServerSettings()
    city: CitySettings = CitySettings()
    geocoder: GeocoderSettings = GeocoderSettings()
    smtp: SmtpSettings = SmtpSettings()
    sms: SmsSettings = SmsSettings()
    webhooks: WebhookSettings = WebhookSettings()
    plan: PlanSettings = PlanSettings()
    promises: PromiseSettings = PromiseSettings()
    traffic: TrafficSettings = TrafficSettings()
    retention: RetentionSettings = RetentionSettings()
    log_level: str = _setting("info", "debug, info, warning or error.")


def load_settings(
    path: Path | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Reads settings from a TOML file and the environment, which wins.

    Raises:
        SettingsError: A value or a name cannot be used; names which.
    """
    tree: dict[str, Any] = {}
    if path is not None:
        try:
            tree = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise SettingsError(f"No se puede leer {path}: {error}") from error
    _overlay(tree, os.environ if environment is None else environment)
    unknown = sorted(set(tree) - {spec.name for spec in fields(Settings)})
    if unknown:
        raise SettingsError(f"No existe el ajuste: {', '.join(unknown)}")
    try:
        return msgspec.convert(tree, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(f"Ajuste que no sirve: {error}") from error


def _overlay(tree: dict[str, Any], environment: Mapping[str, str]) -> None:
    """Lays ``PROMESA_*`` variables over ``tree``."""
    for section in fields(Settings):
        nested = getattr(Settings(), section.name)
        if isinstance(nested, str):
            name = f"{ENVIRONMENT_PREFIX}{section.name.upper()}"
            if name in environment:
                tree[section.name] = environment[name]
            continue
        for leaf in fields(nested):
            name = f"{ENVIRONMENT_PREFIX}{section.name.upper()}_{leaf.name.upper()}"
            if name in environment:
                tree.setdefault(section.name, {})[leaf.name] = environment[name]

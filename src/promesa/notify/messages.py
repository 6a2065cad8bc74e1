"""The messages people get: their kinds, what each needs to know, and their words.

A text is rendered when it is sent or read and never stored, since it greets a person by name.
The words are in texts/<language>.toml; both languages have every key (a test compares them).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from promesa.domain.person import Person
from promesa.domain.reasons import REASONS
from promesa.kernel.serviceday import SANTIAGO
from promesa.kernel.timewindow import TimeWindow
from promesa.notify.gsm import fit_sms

LANGUAGES = ("es", "en")
NAME_LENGTH_MAX = 60
# A one-segment SMS must hold both and a link.
SMS_MERCHANT_LENGTH_MAX = 18
SMS_REFERENCE_LENGTH_MAX = 16
SMS_REASON_LENGTH_MAX = 24


class MessageKind(StrEnum):
    """What a message tells."""

    ORDER_CONFIRMED = "order_confirmed"
    OUT_FOR_DELIVERY = "out_for_delivery"
    NEXT_STOP = "next_stop"
    DELIVERED = "delivered"
    PARTIALLY_DELIVERED = "partially_delivered"
    COULD_NOT_DELIVER = "could_not_deliver"
    DELAY = "delay"
    BACK_ON_TIME = "back_on_time"
    RESCHEDULED = "rescheduled"
    RETURN_STARTED = "return_started"
    CANCELLED = "cancelled"
    ADDRESS_CORRECTED = "address_corrected"
    ADDRESS_KEPT = "address_kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFacts:
    """What a text needs besides the person; nothing in it names one.

    Attributes:
        merchant: The shop's name, which the recipient knows.
        window: When it comes; told as hours when it is of the day it is told on.
        date: When only the day is known.
        reason: A code of domain.reasons, for what could not be delivered.
        cause: A code of the [causes] of the texts, for a delay.
        contact: The shop's own phone.
    """

    reference: str
    merchant: str
    window: TimeWindow | None = None
    date: date | None = None
    reason: str | None = None
    cause: str | None = None
    contact: str | None = None
    is_simulated: bool = False

    def to_data(self) -> dict[str, object]:
        """As JSON keeps it in Message.facts; what is not known is left out."""
        window = self.window
        data: dict[str, object] = {
            "reference": self.reference,
            "merchant": self.merchant,
            "window": window and [window.start.isoformat(), window.end.isoformat()],
            "date": self.date and self.date.isoformat(),
            "reason": self.reason,
            "cause": self.cause,
            "contact": self.contact,
            "is_simulated": self.is_simulated,
        }
        return {key: value for key, value in data.items() if value is not None}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> MessageFacts:
        """What ``to_data`` wrote."""
        window = data.get("window")
        day = data.get("date")
        return cls(
            reference=str(data["reference"]),
            merchant=str(data["merchant"]),
            window=window and _window(window[0], window[1]),
            date=date.fromisoformat(day) if day else None,
            reason=data.get("reason"),
            cause=data.get("cause"),
            contact=data.get("contact"),
            is_simulated=bool(data.get("is_simulated", False)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageText:
    """A message in words.

    Attributes:
        sms: The same in one short message, 160 letters of GSM 03.38 where it fits.
    """

    subject: str
    text: str
    sms: str


def render(
    kind: MessageKind,
    facts: MessageFacts,
    person: Person,
    *,
    told_at: datetime,
    link: str | None = None,
    zone: str = SANTIAGO,
) -> MessageText:
    """The message in the person's language.

    Args:
        kind: What it tells.
        facts: What the text needs besides the person.
        person: Greeted by first name when it is known.
        told_at: When it is read or sent; a window of that day is told by its hours alone.
        link: The person's own tracking link; None shows that there was one, and hides it.
        zone: In which hours are told.
    """
    words = load_texts(person.language if person.language in LANGUAGES else LANGUAGES[0])
    values = _values(words, facts, ZoneInfo(zone), told_at, link)
    own = words[kind.value]
    today = told_at.astimezone(ZoneInfo(zone)).date()
    values["promise"] = own[_promise_key(kind, facts, today)].format(**values)
    parts = [
        _greeting(words, person),
        own["text"].format(**values),
        words["words"][own["closing"]].format(**values),
    ]
    if facts.contact:
        parts.append(words["words"]["contact"].format(**values))
    if facts.is_simulated:
        parts.append(words["words"]["simulated"])
    parts.append(words["words"]["signature"].format(**values))
    parts.append(words["words"]["silence"].format(**values))
    return MessageText(
        subject=_one_line(own["subject"].format(**values)),
        text="\n\n".join(_one_line(part) for part in parts),
        sms=_sms(own["sms"], values),
    )


@cache
def load_texts(language: str) -> dict[str, Any]:
    """The words of a language, as its file has them."""
    file = resources.files("promesa.notify").joinpath("texts", f"{language}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _values(
    words: Mapping[str, Any],
    facts: MessageFacts,
    zone: ZoneInfo,
    told_at: datetime,
    link: str | None,
) -> dict[str, str]:
    """Everything a template may name, as text."""
    day = facts.date or (facts.window and facts.window.start.astimezone(zone).date())
    causes = words["causes"]
    return {
        "reference": facts.reference,
        "merchant": facts.merchant,
        "window": _told_window(words, facts.window, zone, told_at),
        "date": _told_date(words, day) if day else "",
        "reason": _told_reason(words, facts.reason),
        "cause": causes.get(facts.cause or "default", causes["default"]),
        "contact": facts.contact or "",
        "link": link or words["words"]["link_hidden"],
        "silence_link": f"{link}#mensajes" if link else words["words"]["link_hidden"],
    }


def _sms(template: str, values: Mapping[str, str]) -> str:
    short = dict(values)
    short["merchant"] = _clip(values["merchant"], SMS_MERCHANT_LENGTH_MAX)
    short["reference"] = _clip(values["reference"], SMS_REFERENCE_LENGTH_MAX)
    short["reason"] = _clip(values["reason"], SMS_REASON_LENGTH_MAX)
    whole = template.format(**short)
    terse = template.format(**{**short, "promise": "", "cause": ""})
    return fit_sms(_one_line(whole), _one_line(terse).replace(" .", "."))


def _greeting(words: Mapping[str, Any], person: Person) -> str:
    greeting = words["greeting"]
    first = (person.name or "").strip().split(" ")[0]
    if not first:
        return str(greeting["plain"])
    return str(greeting["named"].format(name=_clip(first, NAME_LENGTH_MAX)))


def _promise_key(kind: MessageKind, facts: MessageFacts, today: date) -> str:
    """Which of a kind's three promises can be told: a window, a day, or that we will tell."""
    if facts.window is not None:
        return "promise_window"
    # Who was not there today is not told that we come again today: that day is the failed one.
    first_day = today + timedelta(days=1) if kind is MessageKind.COULD_NOT_DELIVER else today
    return "promise_date" if facts.date is not None and facts.date >= first_day else "promise_open"


def _told_window(
    words: Mapping[str, Any], window: TimeWindow | None, zone: ZoneInfo, told_at: datetime
) -> str:
    if window is None:
        return ""
    start, end = window.start.astimezone(zone), window.end.astimezone(zone)
    is_today = start.date() == told_at.astimezone(zone).date()
    template = words["words"]["window_hours" if is_today else "window_same_day"]
    told: str = template.format(
        date=_told_date(words, start.date()), start=f"{start:%H:%M}", end=f"{end:%H:%M}"
    )
    return told


def _told_date(words: Mapping[str, Any], day: date) -> str:
    told: str = words["formats"]["date"].format(
        weekday=words["weekdays"][str(day.weekday())],
        day=day.day,
        month=words["months"][str(day.month)],
    )
    return told


def _told_reason(words: Mapping[str, Any], code: str | None) -> str:
    reason = REASONS.get(code or "")
    if reason is None:
        return "-"
    is_english = words is load_texts("en")
    return reason.english if is_english else reason.spanish


def _window(start: str, end: str) -> TimeWindow:
    return TimeWindow(start=datetime.fromisoformat(start), end=datetime.fromisoformat(end))


def _one_line(text: str) -> str:
    """Without line breaks, which have no business in a subject, and without doubled spaces."""
    return " ".join(text.split())


def _clip(text: str, length_max: int) -> str:
    return text if len(text) <= length_max else text[: length_max - 1].rstrip() + "."

"""RUT, phone and e-mail as people write them, made canonical or refused with a reason.

Reasons never quote the value: they end up in import reports, where personal data may not stand.
"""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import PhoneNumberFormat
from stdnum.cl import rut as rut_number
from stdnum.exceptions import ValidationError

from promesa.kernel.errors import InvalidError

COUNTRY = "CL"
# RFC 5321, section 4.5.3.1.3: a path has at most 256 octets, brackets included.
EMAIL_CHARS_MAX = 254
_EMAIL = re.compile(r"[^@\s,;<>()]+@[^@\s,;<>()]+\.[^@\s,;<>().]{2,}")
_SEVERAL = re.compile(r"[/;|]|\s+y\s+")
# Until 2013 a mobile was dialled with a zero in front: (09) 87654321.
_DIALLED = re.compile(r"^\D*0(?=\D*9(?:\D*\d){8}\D*$)")
# What people type when they have nothing to say.
_NOTHING = frozenset(
    {"-", "--", ".", "0", "n/a", "na", "s/n", "s/i", "no", "null", "none", "nan", "x", "xx", "xxx"}
    | {"sin", "no tiene", "sin telefono", "sin teléfono", "sin correo", "sin email", "sin rut"}
)


class IdentityError(InvalidError):
    """A RUT, phone or e-mail that cannot be one."""

    code = "identity_invalid"


def is_nothing(text: str) -> bool:
    """Whether the text is a way to say that there is none, as ``-`` or ``s/n``."""
    return text.strip().lower() in _NOTHING or not text.strip()


def canonical_rut(text: str) -> str:
    """The RUT as ``12345678-5``.

    Raises:
        IdentityError: It has another shape, or its check digit does not match.
    """
    try:
        number = str(rut_number.validate(text))
    except ValidationError as error:
        raise IdentityError(
            "El RUT no cuadra con su dígito verificador. Escríbelo como 12345678-5 o déjalo vacío."
        ) from error
    return f"{number[:-1]}-{number[-1]}"


def canonical_phone(text: str) -> str:
    """The phone in E.164, as ``+56987654321``; of several, the first that can be one.

    Raises:
        IdentityError: None of them can be one.
    """
    for part in _SEVERAL.split(text):
        try:
            number = phonenumbers.parse(_DIALLED.sub("", part), COUNTRY)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, PhoneNumberFormat.E164)
    raise IdentityError(
        "El teléfono no existe. Escríbelo con 9 dígitos, como 987654321, o déjalo vacío."
    )


def canonical_email(text: str) -> str:
    """The e-mail with its domain in lower case.

    Raises:
        IdentityError: It has another shape.
    """
    trimmed = text.strip().removeprefix("mailto:")
    if len(trimmed) > EMAIL_CHARS_MAX or not _EMAIL.fullmatch(trimmed):
        raise IdentityError(
            "El correo no tiene forma de correo. Escríbelo como nombre@dominio.cl o déjalo vacío."
        )
    local, _, domain = trimmed.rpartition("@")
    return f"{local}@{domain.lower()}"

"""Invented people and shops: names are common ones of Chile, numbers are drawn."""

from __future__ import annotations

import random

import phonenumbers
from stdnum.cl import rut as rut_numbers

_FIRST = (
    "Carolina", "Daniela", "Marcelo", "Ignacio", "Paola", "Óscar", "Yasna", "Cristián", "Hernán",
    "Camila", "Valentina", "Sebastián", "Matías", "Constanza", "Javiera", "Felipe", "Rodrigo",
    "Claudia", "Patricia", "Andrés", "Francisca", "Gonzalo", "Macarena", "Luis", "Rosa", "Elena",
    "Tomás", "Antonia", "Pedro", "Sofía",
)  # fmt: skip
_LAST = (
    "Muñoz", "Rojas", "Soto", "Fuentes", "Vera", "Paredes", "Leiva", "Catalán", "Riquelme", "Díaz",
    "González", "Sepúlveda", "Contreras", "Silva", "Morales", "Araya", "Huenchul", "Espinoza",
    "Castillo", "Tapia", "Reyes", "Vargas", "Lagos", "Bravo", "Cárdenas", "Fernández", "Núñez",
)  # fmt: skip
SHOPS = (
    ("ARAUCARIA", "Tienda Araucaria"),
    ("COPIHUE", "Copihue Hogar"),
    ("MAITEN", "Maitén Deportes"),
    ("QUILLAY", "Quillay Libros"),
    ("BOLDO", "Boldo Electro"),
    ("CANELO", "Canelo Niños"),
)
GOODS = (
    "Audífonos", "Zapatillas 39", "Hervidor 1,7 l", "Juego de sábanas", "Libro", "Polerón",
    "Lámpara de mesa", "Parka", "Mochila", "Set de ollas", "Teclado", "Cafetera", "Toalla",
)  # fmt: skip
INSTRUCTIONS = (
    "Citófono malo, llamar al llegar",
    "Dejar en conserjería",
    "Portón verde, tocar fuerte",
    "Hay perro, no entrar",
    "Timbre del segundo piso",
    "Entrar por el pasaje",
)
_UNITS = ("Depto {n}", "Casa {n}", "Torre B, depto {n}", "Block 3, depto {n}")


def draw_name(draw: random.Random) -> str:
    """A first name and a surname."""
    return f"{draw.choice(_FIRST)} {draw.choice(_LAST)}"


def draw_phone(draw: random.Random) -> str:
    """A Chilean mobile number of a range that is in use."""
    while True:
        number = f"+569{draw.randrange(30_000_000, 99_999_999)}"
        if phonenumbers.is_valid_number(phonenumbers.parse(number)):
            return number


def draw_rut(draw: random.Random) -> str:
    """A RUT whose check digit is right."""
    number = str(draw.randrange(6_000_000, 25_000_000))
    return f"{number}-{rut_numbers.calc_check_digit(number)}"


def draw_unit(draw: random.Random) -> str:
    """A flat or house."""
    return draw.choice(_UNITS).format(n=draw.randrange(11, 1800))


def email_of(name: str, number: int) -> str:
    """An address in a domain that can never exist (RFC 2606)."""
    letters = [letter for letter in name.lower().replace(" ", ".") if letter.isascii()]
    return f"{''.join(letters)}.{number}@ejemplo.invalid"

"""Texts that fit in one short message."""

from __future__ import annotations

from promesa.notify.gsm import fit_sms, gsm_length, to_gsm


def test_letters_the_alphabet_lacks_lose_their_accent_and_the_others_keep_it() -> None:
    assert (
        to_gsm("ñandú, café, camión, Ñuñoa, ¿qué día?") == "ñandu, café, camion, Ñuñoa, ¿qué dia?"
    )


def test_signs_have_a_likeness_and_what_has_none_becomes_a_question_mark() -> None:
    assert to_gsm("“10–12” · 😀") == '"10-12" - ?'


def test_letters_of_the_extension_table_take_two_places() -> None:
    assert gsm_length("a€[]") == 7


def test_the_terse_text_is_taken_when_the_whole_does_not_fit() -> None:
    assert fit_sms("á" * 160, "x") == "a" * 160
    assert fit_sms("a" * 161, "x") == "x"
    assert fit_sms("€" * 81, "x") == "x"

"""Lets `python -m promesa` do what `promesa` does."""

from promesa.cli.main import main

main()

"""Lets `python -m promesa` do what `promesa` does."""

from promesa.cli.main import main

# The planning process starts by importing this module under another name.
if __name__ == "__main__":
    main()

"""The `promesa` command: joins the commands and turns failures into exit codes.

Exit 0: done. 1: our fault. 2: the input's fault, with a sentence that says what to do.
"""

from __future__ import annotations

import click

from promesa.kernel.errors import InvalidError, NotFoundError, PromesaError

EXIT_OURS = 1
EXIT_INPUT = 2


class PromesaGroup(click.Group):
    """A group whose commands may raise PromesaError: never a traceback for a known failure."""

    def invoke(self, ctx: click.Context) -> object:
        """Runs the command; a known failure becomes a sentence on stderr and an exit code."""
        try:
            return super().invoke(ctx)
        except PromesaError as error:
            click.echo(f"promesa: {error.sentence} [{error.code}]", err=True)
            for name, value in error.details.items():
                click.echo(f"  {name}: {value}", err=True)
            is_input = isinstance(error, InvalidError | NotFoundError)
            ctx.exit(EXIT_INPUT if is_input else EXIT_OURS)


@click.group(cls=PromesaGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="promesa", message="promesa %(version)s")
def main() -> None:
    """Última milla para Chile: cada entrega es una promesa.

    Para empezar: promesa demo
    """

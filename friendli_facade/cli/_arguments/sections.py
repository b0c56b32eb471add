"""A command whose help has its options in sections."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import click


class SectionedCommand(click.Command):
    """A command with its parameters by section.

    Args:
        name: The command's name.
        sections: Its parameters, by the section of its help that they are in.
        words: What it does.
        run: What does it, with the values of the parameters; gives the exit status.
    """

    def __init__(
        self,
        name: str,
        sections: Mapping[str, Sequence[click.Parameter]],
        words: str,
        run: Callable[..., int],
    ) -> None:
        self._sections = sections
        parameters = [one for section in sections.values() for one in section]
        super().__init__(name, params=parameters, help=words, callback=run)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, in sections."""
        named = [one for section in self._sections.values() for one in section]
        others = [one for one in self.get_params(ctx) if one not in named]
        for name, parameters in {**self._sections, "Other options": others}.items():
            shown = [one for one in parameters if isinstance(one, click.Option)]
            records = [one.get_help_record(ctx) for one in shown]
            with formatter.section(name):
                formatter.write_dl([record for record in records if record is not None])

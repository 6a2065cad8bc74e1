"""Builds the web pages before the package, so that a wheel and `uv run` both have them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WebBuildHook(BuildHookInterface[Any]):
    """Runs scripts/web.py in the build environment, which holds Node as a wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds src/promesa/web; does nothing when its sources have not changed."""
        script = Path(self.root) / "scripts" / "web.py"
        # Hatchling reads this process's stdout as its answer, so npm's words go to stderr.
        subprocess.run(
            [sys.executable, str(script), "build"], cwd=self.root, stdout=sys.stderr, check=True
        )

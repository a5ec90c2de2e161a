"""A page with its title and nothing else."""

from pages.common import ui

ui.header("空页")

"""Measurements: what `qianqi bench` runs, on throw-away servers of its own."""

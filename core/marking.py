"""Marking texts for the catalogue, for modules that languages themselves need."""


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    """Mark `message` for the catalogue and return it unchanged."""
    return message

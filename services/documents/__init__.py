"""Official papers in the layout of GB/T 9704-2012, as Word documents and PDF: pure functions from a model to bytes."""

from services.documents.model import (
    Appendix,
    Block,
    Column,
    Heading,
    Note,
    Official,
    Paragraph,
    Picture,
    Table,
)

__all__ = ["Appendix", "Block", "Column", "Heading", "Note", "Official", "Paragraph", "Picture", "Table"]

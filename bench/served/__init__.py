"""What a measurement serves: the product with an empty page more, and Streamlit with nothing else."""

EMPTY = "empty"
"""The address of the empty page."""

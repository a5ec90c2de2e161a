"""What makes these pages usable with one thumb: large targets, nothing that scrolls sideways."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

_STYLE = """
<style>
.st-key-thumb { max-width: 640px; }
.st-key-thumb button, .st-key-thumb a[data-testid^="stBaseLinkButton"] { min-height: 44px; }
.st-key-thumb [data-testid="stCheckbox"] label { min-height: 44px; align-items: center; }
.st-key-thumb summary { min-height: 44px; }
.st-key-thumb [data-testid="stFileUploaderDropzone"] { padding: .6rem .8rem; }
.st-key-thumb [data-testid="stFileUploaderDropzoneInstructions"] { display: none; }
.st-key-thumb [data-testid="stFileUploaderDropzone"] button { width: 100%; }
.st-key-thumb input, .st-key-thumb textarea { font-size: 16px; } /* smaller, and an iPhone zooms in */
.st-key-thumb h3 { overflow-wrap: anywhere; }
</style>
"""


def thumb_area() -> DeltaGenerator:
    """Return the container in which everything can be hit with a thumb."""
    st.html(_STYLE)
    return st.container(key="thumb")

"""What makes these pages usable with one thumb: large targets, nothing that scrolls sideways."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.i18n import gettext as _
from pages.common.written import css

_STYLE = """
<style>
.st-key-thumb [data-testid="stPageLink-NavLink"] { min-height: 44px; align-items: center; }
.st-key-thumb input:not([type="file"]):not([type="checkbox"]) { min-height: 42px; }
.st-key-thumb [data-testid="stFileUploaderDropzone"] button p { font-size: 0; }
.st-key-thumb [data-testid="stFileUploaderDropzone"] button p::after { content: "CHOOSE_FILES"; font-size: 1rem; }
.st-key-thumb { max-width: 640px; padding-top: .6rem; }
.st-key-thumb button, .st-key-thumb a[data-testid^="stBaseLinkButton"] { min-height: 44px; }
.st-key-thumb [data-testid="stCheckbox"] label { min-height: 44px; align-items: center; }
.st-key-thumb summary { min-height: 44px; }
.st-key-thumb [data-testid="stFileUploaderDropzone"] { padding: .6rem .8rem; }
.st-key-thumb [data-testid="stFileUploaderDropzone"] button { width: 100%; }
.st-key-thumb input, .st-key-thumb textarea { font-size: 16px; } /* smaller, and an iPhone zooms in */
.st-key-thumb [data-testid="InputInstructions"] { display: none; } /* there is no Ctrl+Enter on a phone */
.st-key-thumb h3 { overflow-wrap: anywhere; }
</style>
"""


def thumb_area() -> DeltaGenerator:
    """Return the container in which everything can be hit with a thumb."""
    st.html(_STYLE.replace("CHOOSE_FILES", css(_("Take a photo or choose files"))))
    return st.container(key="thumb")

"""Streamlit alone: no sign-in, no menu, no database; a page with a title."""

from pathlib import Path

import streamlit as st

app = st.App(Path(__file__).with_name("bare_page.py"))

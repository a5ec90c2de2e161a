"""Streamlit alone with a page that shows a table: what a session costs where nothing else is done."""

from pathlib import Path

import streamlit as st

app = st.App(Path(__file__).with_name("table_page.py"))

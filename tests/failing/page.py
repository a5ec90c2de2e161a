"""Shows something, then fails with a detail that is nobody's business."""

import streamlit as st

st.title("before")
password = "correct-horse-42"
raise RuntimeError("a detail for the log")

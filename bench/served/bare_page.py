"""A page with a title and nothing else."""

import streamlit as st

st.title("空页")

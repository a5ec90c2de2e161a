"""Streamlit pages. Only this file lies here: Streamlit would serve a page file here past the shell."""

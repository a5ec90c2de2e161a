"""A page with a title and a table."""

import streamlit as st

st.title("表格")
st.dataframe([{"编号": number, "名称": f"企业{number}", "状态": "办理中"} for number in range(50)])

"""Imports of workbooks and CSV files: upload, match columns, check, look, carry out.

A page calls `runs`; a worker calls `work`. What a file says passes `readers` (bytes → cells), `header` (titles →
fields), `cells` (cell → value) and `checking` (row → new, changed, same or bad); `applying` stores it.
"""

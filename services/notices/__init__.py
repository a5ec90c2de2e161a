"""Notice batches (无感推送): one text to many enterprises or staff, sent in the background.

`choosing` offers filters, `audience` finds whom a choice means and who of them cannot be reached, `wording` checks and
renders the text, `drafting` keeps a batch until it goes out, `previewing` shows what would happen, `sending` starts,
pauses, resumes and cancels, `writing` is the background work, `reading` tells how batches and their recipients stand,
`handing_out` gives them out as a file.
"""

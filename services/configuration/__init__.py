"""What administrators set up without code, each a declaration from which its page, import and export follow."""

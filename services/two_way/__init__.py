"""Both directions of the programme (双向思维): what was done for enterprises, what they need, and what is missing."""

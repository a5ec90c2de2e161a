"""Tables, enumerations and the pure rules that need one row and the clock."""

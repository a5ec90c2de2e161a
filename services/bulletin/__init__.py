"""Monthly bulletins (月通报): built on a set day, frozen, ranked fairly, issued."""

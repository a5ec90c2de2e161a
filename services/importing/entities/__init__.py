"""How the entities that need more than their declaration are imported."""

"""Where each role starts."""

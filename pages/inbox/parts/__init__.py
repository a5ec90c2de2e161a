"""What the page of messages is made of."""

"""The product with a page that fails, for the test of what people then see."""

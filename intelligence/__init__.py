"""Intelligence: whom and what the agencies look for."""

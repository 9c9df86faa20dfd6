"""Forms of the intelligence app."""

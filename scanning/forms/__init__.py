"""Forms of the scanning app."""

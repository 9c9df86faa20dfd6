"""Forms of the agencies app."""

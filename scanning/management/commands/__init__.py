"""Management commands of scanning."""

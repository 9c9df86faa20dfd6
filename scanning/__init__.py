"""Scanning: what the detection devices saw, and what became of it."""

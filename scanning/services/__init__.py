"""Changing what scanning knows."""

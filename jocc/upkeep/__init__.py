"""Backup, restore, the journal of ended rights, and the comparison of the walls with what they should be."""

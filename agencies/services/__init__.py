"""Changing who we are: officers, service accounts, tokens, references."""

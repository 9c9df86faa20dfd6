"""Commands that join all apps."""

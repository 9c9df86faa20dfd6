"""Reading what scanning knows, through the gate."""

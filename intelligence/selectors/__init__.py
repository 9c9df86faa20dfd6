"""Reading intelligence through the gate: cards for one reader, and pages of them, newest first."""

"""The stand-alone verifier that agencies take away: one file, nothing but Python's standard library."""

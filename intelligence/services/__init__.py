"""Acts on lookouts, hits, notices and checks: each writes its record and its change in the same transaction."""

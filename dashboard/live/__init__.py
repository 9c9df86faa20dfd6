"""Live pages: one stream for each open board, nudges without content (design.md §3, §5)."""

"""How dates stand on the pages: day first, twenty-four hours, in both languages."""

"""What a page shows, as frozen values: templates render from these and from nothing else.

Selectors fill them from what the reader may see, so a template can never reach a row that was not
meant for its reader, and a page can be looked at without a database.
"""

"""What a browser calls itself, in a few words that its officer recognises."""

_BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def screen_named(user_agent: str) -> str:
    """Browser and system as far as the user agent tells, e.g. "Firefox · Windows"; "" when it tells nothing."""
    found = [
        next((name for sign, name in pairs if sign in user_agent), "") for pairs in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(filter(None, found))

"""Cases for the corrections of passages, on pages and over REST."""

from tests.two_worlds.framework import Case
from tests.two_worlds.names import HIDDEN, MARK, SEEN

_WHY = "the camera shows it"
_PAGE = {"readers": ("paf.officer", "paf.analyst"), "entitled": "ukba.officer"}
_REST = {"readers": ("PAF", "DOUANES")}


def _page(route: str, path: str, **more: object) -> Case:
    return Case(route=route, path=f"/{path}", **(_PAGE | more))  # type: ignore[arg-type]


def _rest(route: str, path: str, **more: object) -> Case:
    return Case(route=f"api/v1/{route}", path=f"/api/v1/{path}", **(_REST | more))  # type: ignore[arg-type]


def _asked(route: str, name: str, body: dict[str, object]) -> Case:
    """Something is asked of the hidden record over REST, in the name of an officer."""
    path = route.replace("<str:uid>", str(HIDDEN[name]))
    return _rest(route, path, method="post", body=body, hidden=True, badge=True)


CASES = [
    _page("passages/<uuid:uid>/correct/", f"passages/{SEEN['passage']}/correct/", shows=MARK),
    _page("passages/<uuid:uid>/correct/", f"passages/{HIDDEN['passage']}/correct/", hidden=True),
    _page(
        "passages/<uuid:uid>/correct/",
        f"passages/{HIDDEN['passage']}/correct/",
        method="post",
        body={"act": "split", "split-events": [str(HIDDEN["event"])], "split-reason": _WHY},
        hidden=True,
    ),
    _page("corrections/<uuid:uid>/undo/", f"corrections/{HIDDEN['correction']}/undo/", hidden=True),
    _page(
        "corrections/<uuid:uid>/undo/",
        f"corrections/{HIDDEN['correction']}/undo/",
        method="post",
        body={"reason": _WHY},
        hidden=True,
    ),
    _rest("passages/<str:uid>/corrections/", f"passages/{SEEN['passage']}/corrections/", shows="results"),
    _rest("passages/<str:uid>/corrections/", f"passages/{HIDDEN['passage']}/corrections/", hidden=True),
    _rest("corrections/<str:uid>/", f"corrections/{HIDDEN['correction']}/", hidden=True),
    _asked("corrections/<str:uid>/undo/", "correction", {"reason": _WHY}),
    _asked("passages/<str:uid>/split/", "passage", {"events": [str(HIDDEN["event"])], "reason": _WHY}),
    _asked("passages/<str:uid>/merge/", "passage", {"other": str(SEEN["passage"]), "reason": _WHY}),
    # Taking a hidden passage in is refused like taking one that does not exist.
    _rest(
        "passages/<str:uid>/merge/",
        f"passages/{SEEN['passage']}/merge/",
        method="post",
        body={"other": str(HIDDEN["passage"]), "reason": _WHY},
        hidden=True,
        refused=422,
        badge=True,
    ),
]
OPEN: dict[str, str] = {}
SPECIAL: dict[str, str] = {}

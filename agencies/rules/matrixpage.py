"""The rights matrix as a table: for the admin site, the API and docs/rights-matrix.md."""

import dataclasses
from collections.abc import Iterator

from agencies.actions import Action, Reach, RecordKind
from agencies.choices import AccountKind, Role
from agencies.rules.matrix import MATRIX, Entry

#: Who stands at the head of the columns: the officers' roles, then the kinds of service account.
HOLDERS: tuple[str, ...] = (*Role.values, *AccountKind.values)

_DOCUMENT = """# The rights matrix

Who may do what to which kind of record. Made from `agencies/rules/matrix.py` by `bin/jocc manage rights_matrix`; a test
fails when this page is behind. The same table stands in the administration site under *Who may what*, and in the API at
`/api/v1/rights/`.

A right says what somebody may do at all. **To which records is decided by the gate and by the database**: the audience,
the clearance, the compartment, the national caveat. No right opens a record that these keep closed. What reaches *of the
own agency* never touches another agency's records, accounts or settings, and nobody gives a role, clearance or scope that
is beyond their own (`agencies/rules/appointments.py`).

{table}

● may · § only in a competent authority (police, border, customs), never in the port operator · a service account besides
needs the scope named.
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One kind of record and one action; `held` says for each of HOLDERS whether they may."""

    kind: RecordKind
    action: Action
    reach: Reach
    entry: Entry
    held: tuple[bool, ...]

    @property
    def scope(self) -> str:
        """The scope that a token needs; "" where no token may."""
        return self.entry.scope.value if self.entry.scope else ""


def matrix_lines(holder: str = "") -> list[Line]:
    """The table, in the order of the matrix; with a role or kind of account only what that one may do."""
    return [line for line in _lines() if not holder or (holder, True) in zip(HOLDERS, line.held, strict=True)]


def _lines() -> Iterator[Line]:
    for entry in MATRIX:
        held = tuple(holder in entry.roles or holder in entry.accounts for holder in HOLDERS)
        for kind in entry.kinds:
            yield Line(kind, entry.action, entry.reach, entry, held)


def matrix_document() -> str:
    """The page of the documentation, in the language that is active."""
    words = dict((*Role.choices, *AccountKind.choices))
    head = ["record", "action", *(str(words[holder]) for holder in HOLDERS), "reach", "scope"]
    rows = [
        [
            str(line.kind.label),
            str(line.action.label),
            *(("●§" if line.entry.authority_only else "●") if held else "" for held in line.held),
            str(line.reach.label),
            f"`{line.scope}`" if line.scope else "",
        ]
        for line in matrix_lines()
    ]
    table = [head, ["---"] * 2 + [":-:"] * len(HOLDERS) + ["---"] * 2, *rows]
    return _DOCUMENT.format(table="\n".join(f"| {' | '.join(cells)} |" for cells in table))

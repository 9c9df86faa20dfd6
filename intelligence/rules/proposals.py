"""Proposals: what may be proposed, which version of a lookout they are about, and how they merge. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping

from intelligence.facts import MergeLine

#: What a reader sees of a lookout and may propose to change; never who is told, who reads it, or why.
PROPOSABLE = ("mark", "country", "action_code", "priority", "instruction", "expires_at", "review_due")


def version_of(values: Mapping[str, str]) -> str:
    """A short name for these values: another one as soon as any of them changes, by whatever way."""
    plain = json.dumps({name: values.get(name, "") for name in PROPOSABLE}, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def differences(current: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str]:
    """Of what is wanted only what differs."""
    return {name: value for name, value in wanted.items() if current.get(name, "") != value}


def merge_lines(
    base: Mapping[str, str], proposed: Mapping[str, str], current: Mapping[str, str] | None
) -> tuple[MergeLine, ...]:
    """Field by field what was seen, what is proposed and what stands now; a conflict is one changed by both."""
    return tuple(
        MergeLine(
            field=name,
            base=base.get(name, ""),
            proposed=proposed[name],
            current=None if current is None else current.get(name, ""),
            conflict=current is not None
            and current.get(name, "") not in (base.get(name, ""), proposed[name]),
        )
        for name in PROPOSABLE
        if name in proposed
    )


def chosen(proposed: Mapping[str, str], fields: Iterable[str] | None) -> dict[str, str]:
    """The part of a proposal that the owner takes; all of it without a choice. KeyError for what was not proposed."""
    return dict(proposed) if fields is None else {name: proposed[name] for name in fields}

"""Names for the groups that own and read records, and the officer behind whoever acts."""

import dataclasses

from agencies.access import NotVisible
from agencies.acting import memory
from agencies.actions import Right
from agencies.choices import STATE_OF_CAVEAT
from agencies.facts import Actor, Principal
from agencies.models import Agency, Compartment, Desk, Officer
from agencies.rules.rights import RIGHTS_OF_ROLE
from intelligence.facts import DeskCard


@dataclasses.dataclass(frozen=True, slots=True)
class Parties:
    """Agency codes by group; a compartment goes by the code of its agency, its name is for its members."""

    agencies: dict[int, str]
    authorities: frozenset[int]
    compartments: dict[int, tuple[str, str, str]]
    states: dict[str, str] = dataclasses.field(default_factory=dict)

    def code(self, group_id: int | None) -> str:
        """The code of the agency that a group is, or belongs to; "" for none."""
        if group_id is None:
            return ""
        return self.agencies.get(group_id) or self.compartments.get(group_id, ("", "", ""))[0]

    def codes(self, group_ids: list[int]) -> tuple[str, ...]:
        """The codes of several groups, in order and each once."""
        return tuple(sorted({self.code(group) for group in group_ids} - {""}))

    def may_bear(self, group_id: int, caveat: str) -> bool:
        """Whether the group is of the state whose eyes alone a caveat is for; without caveat every group is."""
        return not caveat or self.states.get(self.code(group_id)) == STATE_OF_CAVEAT.get(caveat)

    def compartment(self, group_id: int, reader: Principal) -> str:
        """The cover name of the compartment that a group is, for its members only."""
        return (
            self.compartments[group_id][1]
            if group_id in self.compartments and group_id in reader.groups
            else ""
        )

    def group(self, agency_code: str) -> int | None:
        """The group of an agency."""
        return next((group for group, code in self.agencies.items() if code == agency_code), None)

    def compartment_group(self, uid: str, member: Principal) -> int | None:
        """The group of a compartment that the member is named in; None for any other, absent or not."""
        return next(
            (
                group
                for group, (_, _, own) in self.compartments.items()
                if own == uid and group in member.groups
            ),
            None,
        )


def parties() -> Parties:
    """All agencies and compartments, read once per request, task or poll."""
    notes = memory.get()
    if notes is not None and "parties" in notes:
        known: Parties = notes["parties"]
        return known
    rows = list(Agency.objects.values_list("group_id", "code", "is_authority", "country"))
    found = Parties(
        agencies={group: code for group, code, _, _ in rows},
        authorities=frozenset(group for group, _, is_authority, _ in rows if is_authority),
        states={code: state for _, code, _, state in rows},
        compartments={
            group: (code, name, str(uid))
            for group, code, name, uid in Compartment.objects.values_list(
                "group_id", "agency__code", "name", "uid"
            )
        },
    )
    if notes is not None:
        notes["parties"] = found
    return found


def own_group(principal: Principal) -> int:
    """The group of the principal's agency; NotVisible for nobody, who has none."""
    if principal.agency_group is None:
        raise NotVisible("agency")
    return principal.agency_group


def officer_acting(principal: Principal) -> Officer | None:
    """The officer who acts; None when a service account does."""
    if principal.actor != Actor.OFFICER or principal.uid is None:
        return None
    return Officer.objects.get(uid=principal.uid)


def officer_named(principal: Principal, badge_number: str, right: Right) -> Officer | None:
    """The active officer of the acting account's own agency with this badge number and this right, if any."""
    officer = Officer.objects.filter(
        agency__group_id=own_group(principal), badge_number=badge_number, is_active=True
    ).first()
    return officer if officer is not None and right in RIGHTS_OF_ROLE.get(officer.role, frozenset()) else None


def officer_names(officer: Officer | None, reader: Principal) -> tuple[str, str]:
    """Name (to the officer's own agency only) and agency code of an officer, both "" for none."""
    if officer is None or officer.agency is None:
        return "", ""
    own = officer.agency.group_id == reader.agency_group
    return (str(officer) if own else ""), officer.agency.code


def desk_card(desk: Desk | None) -> DeskCard | None:
    """A desk as a reader is shown it."""
    if desk is None:
        return None
    return DeskCard(
        code=desk.code, name_en=desk.name_en, name_fr=desk.name_fr, phone=desk.phone, agency=desk.agency.code
    )

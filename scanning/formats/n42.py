"""ANSI N42.42 documents of radiation portals, in the versions of 2012 and 2006: one observation per occupancy.

An alarm makes it suspect, a fault alone makes it a fault. Values that cannot be right are left out and told
as problems; the alarm beside them stays. A document without any time is Undecodable, never a guess.
"""

from scanning.choices import ProblemCode
from scanning.facts import Decoded, DeviceProfile, Observation, Problem
from scanning.formats.n42_2006 import document_uuid_2006, occupancies_2006
from scanning.formats.n42_2012 import document_uuid_2012, occupancies_2012
from scanning.formats.n42_occupancy import Occupancy, observation_of
from scanning.formats.undecodable import Undecodable
from scanning.formats.vendor import digest_key, size_checked, text_of, xml_part
from scanning.formats.xml_tree import Node, tree_of

BODY_BYTES = 16 * 1024 * 1024
"""A real passage of 33 seconds through a spectroscopic portal is 3.3 MB."""

_OCCUPANCIES = 100


def decode(body: bytes, content_type: str, profile: DeviceProfile) -> Decoded:
    """Decode one document. Occupancies that cannot be read become problems if another one can."""
    size_checked(body, BODY_BYTES)
    content, _ = xml_part(body, content_type)
    uuid, occupancies = _occupancies(tree_of(content))
    if not occupancies:
        raise Undecodable(ProblemCode.WRONG_SHAPE, "no measurement")
    if len(occupancies) > _OCCUPANCIES:
        raise Undecodable(ProblemCode.TOO_MANY_EVENTS, f"more than {_OCCUPANCIES} occupancies")
    base = uuid or digest_key(content)
    observations: list[Observation] = []
    problems: list[Problem] = []
    refusal: Undecodable | None = None
    for index, occupancy in enumerate(occupancies):
        # The document's own id is not unique when it speaks of several vehicles.
        key = base if len(occupancies) == 1 else f"{base}:{occupancy.name or index}"
        try:
            observation, wrong = observation_of(
                occupancy, key=key, body=content, zone=profile.zone, index=index
            )
        except Undecodable as error:
            refusal = error
            problems.append(Problem(index, error.code, error.detail, key))
            continue
        observations.append(observation)
        problems.extend(wrong)
    if refusal is not None and not observations:
        raise refusal
    return Decoded(tuple(observations), tuple(problems))


def _occupancies(root: Node) -> tuple[str, list[Occupancy]]:
    if root.name == "RadInstrumentData":
        return document_uuid_2012(root), occupancies_2012(root)
    # Some portals of 2006 wrap the document in an event of their own.
    inner = root if root.name == "N42InstrumentData" else root.first("N42InstrumentData")
    if inner is None:
        raise Undecodable(ProblemCode.WRONG_SHAPE, f"the root is {text_of(root.name, 40)!r}")
    return document_uuid_2006(inner), occupancies_2006(inner)

"""From marks that were read to hits. The worker calls this inside the transaction that writes the events."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from agencies.selectors import agency_groups_of_compartments
from intelligence.choices import DisclosureMode, Strength
from intelligence.facts import Sighting
from intelligence.rules.matching import match_strength, reading_rank
from intelligence.selectors.watchlist import Wanted, lookouts_wanted
from intelligence.services.matches import Match, caveat_lets, matches_write


def sightings_match(sightings: Sequence[Sighting]) -> int:
    """Match what was read against all active lookouts; returns how many new hits were made.

    One query decides for the whole batch; nothing further happens while nothing matches. A further sighting
    of a passage is added to its hit. Acts as INGEST; anybody else finds an empty watch-list.
    """
    wanted = lookouts_wanted(sighting.mark_folded for sighting in sightings)
    if not wanted:
        return 0
    homes = agency_groups_of_compartments()
    by_mark: dict[str, list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        by_mark[sighting.mark_folded].append(sighting)
    return len(
        matches_write(
            [match for lookout in wanted for match in _matches(lookout, by_mark[lookout.mark_folded], homes)]
        )
    )


def _sees(group: int, sighting: Sighting, homes: Mapping[int, int]) -> bool:
    """Whether the group may see the device of the sighting; a compartment sees what its agency sees."""
    seen_by = sighting.seen_by
    return seen_by is None or group in seen_by or homes.get(group, group) in seen_by


def _matches(lookout: Wanted, sightings: list[Sighting], homes: Mapping[int, int]) -> list[Match]:
    """The sightings that match a lookout and that its owner may know of, joined passage by passage."""
    by_passage: dict[object, list[tuple[Strength, Sighting]]] = defaultdict(list)
    for sighting in sightings:
        if not _sees(lookout.originator_id, sighting, homes):
            continue
        strength = match_strength(
            sighting.mark_norm, lookout.mark_norm, sighting.mark_folded, lookout.mark_folded
        )
        if strength is not None:
            by_passage[sighting.passage_uid].append((Strength(strength), sighting))
    return [_joined(lookout, seen, homes) for seen in by_passage.values()]


def _joined(lookout: Wanted, seen: list[tuple[Strength, Sighting]], homes: Mapping[int, int]) -> Match:
    strength, best = max(seen, key=lambda pair: reading_rank(pair[0], pair[1].confidence))
    last = max((sighting for _, sighting in seen), key=lambda sighting: sighting.seen_at)
    return Match(
        lookout=lookout,
        strength=strength,
        mark_seen=best.mark_raw,
        country_seen=best.country,
        confidence=best.confidence,
        passage_uid=best.passage_uid,
        device_id=last.device_id,
        lane_id=last.lane_id,
        place=last.place,
        first_at=min(sighting.seen_at for _, sighting in seen),
        last_at=last.seen_at,
        sightings=len(seen),
        is_late=all(sighting.is_late for _, sighting in seen),
        told=frozenset()
        if lookout.mode == DisclosureMode.SILENT
        else frozenset(
            {
                lookout.originator_id,
                *(
                    group
                    for group in lookout.notified_group_ids
                    if _sees(group, last, homes) and caveat_lets(group, lookout.caveat)
                ),
            }
        ),
    )

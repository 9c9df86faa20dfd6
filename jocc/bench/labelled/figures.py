"""Every assumption of the labelled traffic, with its reason. Times are seconds, shares are between 0 and 1.

Where nothing is published, a value stands here that seemed likely, and its comment says "assumed". How often an entry by a
team lacks its mark was set anew once, while the joiner was worked on: the first draft had a third of the dogs' and a tenth of the
searches'. docs/proof.md says what the joiner reaches with those, and with marks that are missing by chance everywhere.
"""

#: 10 % of the record day's 9,000 lorries: the port's peak hour.
LORRIES_AN_HOUR = 900
#: So each lane takes a lorry every 40 s; a lane clears in 20 s at best.
LANES = 10

# --- the queue before a lane --------------------------------------------------------------------------------
#: From front to front. A lorry of 16.5 m and 6 m of air at 10 km/h take 8 s: nobody follows closer.
HEADWAY_LEAST = 8.0
HEADWAY_MEAN = 40.0
HEADWAY_MOST = 240.0
#: Lorries that left a ship or a booth together follow as close as they can. Assumed.
CLOSE_FOLLOWERS = 0.15
CLOSE_HEADWAY = (8.0, 12.0)

# --- the way through a lane: at each post one lorry at a time, nobody overtakes -------------------------------
#: The next one drives up when the one before has left a post.
MOVE_UP = (3.0, 5.0)
#: No two lanes are alike: all ways and times of a lane are longer or shorter by a factor of its own. Assumed.
LANE_FACTOR = (0.8, 1.25)
#: Reader at the front; at 10 to 15 km/h the rear of 16.5 m passes the rear reader so much later.
FRONT_TO_REAR = (4.0, 6.0)
#: From the front reader to the first pulse of the portal, and how long the lorry occupies it.
TO_PORTAL, IN_PORTAL = (4.0, 6.0), (4.0, 6.0)
#: A portal gives the time at which it was most sure within that stay.
PORTAL_AFTER = (1.0, 3.0)
#: Millimetre wave works at walking pace (5 km/h, 20 s with coming and going).
TO_WAVE, IN_WAVE = (4.0, 6.0), (12.0, 16.0)
#: At the line where the lorry stops: the probe of CO2, or the heartbeat sensors (vendors claim 30 to 60 s).
TO_STOP, CO2_TAKES, HEARTBEAT_TAKES = (4.0, 7.0), (10.0, 16.0), (30.0, 45.0)
#: The officer's booth behind it, and when within its stay the officer presses the key.
TO_BOOTH, IN_BOOTH = (4.0, 7.0), (4.0, 10.0)
#: Between the front reader and the line there is room for so many: whoever comes then waits before the reader.
ROOM = 2
#: The search bay is beside the lane, after it: the way there, and the search itself (1 to 4 minutes, Hansard 2004).
TO_BAY, IN_BAY = (60.0, 240.0), (60.0, 240.0)

# --- who is tested: front, rear, portal, wave and CO2 see everybody, and at least one of these as well -------------
BOOTH, HEARTBEAT, DOG, SEARCH = 0.80, 0.25, 0.25, 0.08
#: A device that should have seen a lorry says nothing at all of it. Assumed.
NOT_SEEN = 0.01
#: A reader reports its vehicle again, a second or two later, read anew. Assumed.
SEEN_AGAIN, AGAIN_AFTER = 0.03, (0.5, 2.5)

# --- marks ---------------------------------------------------------------------------------------------------
#: Each reading of each mark, by camera or by hand, is wrong with this chance (the task's figure) ...
MISREAD = 0.05
#: ... in one place, or in two.
TWO_WRONG = 0.25
#: How a place is wrong: another letter that looks alike, any other, one lost, or one doubled.
WRONG_ALIKE, WRONG_ANY, WRONG_LOST, WRONG_DOUBLED = 0.50, 0.35, 0.10, 0.05
#: Readers that could not read. With it 30 % of all events have no mark (the task's figure).
FRONT_UNREAD, REAR_UNREAD = 0.03, 0.05
#: Portals know no marks. The other machines get one from a camera of their own or from their operator, else none.
MACHINE_UNMARKED = {"pmmw": 0.40, "co2": 0.36, "heartbeat": 0.40}
#: The dog's handler enters the result at a hand terminal, which asks for the mark, and so often leaves it out. Assumed. A
#: search is always entered with its mark: minutes after the lane nobody could tell which lorry an entry without one means.
DOG_UNMARKED = 0.10
#: Whoever stands beside the lorry notes the trailer's plate sometimes instead of the tractor's. Assumed.
SAYS_TRAILER = 0.30
#: An officer types the tractor's mark, and the trailer's too so often. Assumed.
TYPES_BOTH = 0.50
#: Lorries without a trailer: the rear reader reads the tractor's mark and calls it a trailer's.
RIGID = 0.08
#: A container's number on the doors, which the rear reader reads too.
CONTAINER = 0.10
#: In every third lane stand cameras whose format does not tell which part of the lorry a mark is on.
KIND_NOT_TOLD_EVERY = 3
#: A lorry follows in the same lane whose haulier bought it together with the one before: one or two digits differ.
FLEET_MATE = 0.02

# --- clocks and lines ------------------------------------------------------------------------------------------
#: Each device's clock is off by a constant of its own, ahead or behind, while it has its time server.
SKEW_MOST = 2.0
#: From the event to our inbox, when all is well.
LINE_TAKES = (0.2, 2.0)
#: So many devices send batches, with their events in no order, as often as this; the others each event at once.
BATCHING, BATCH_EVERY = 0.30, (10.0, 30.0)
#: So many deliveries are held up on the way, for between these times (evenly by order of magnitude).
HELD_UP, HELD_UP_FOR = 0.10, (5.0, 180.0)
#: A device's line is cut so often in the hour, for so long; what it saw meanwhile comes an hour later in one batch.
CUT, CUT_FOR, COMES_AFTER = 0.80, (60.0, 180.0), (2_700.0, 4_500.0)
#: An event counts as late in the breakdown when it comes so much after it happened.
LATE = 300.0

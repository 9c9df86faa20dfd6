"""What officers may correct in what the machine has joined."""

import datetime as dt

#: Corrections are for the days in which somebody still knows; later the statistics of that time are history.
OLDEST = dt.timedelta(days=31)
#: Two sightings further apart are two visits of the vehicle, and stay two passages.
FARTHEST = dt.timedelta(hours=12)
#: Events of one passage that can be picked.
MOST_EVENTS = 2000

"""The figures of the simulated port. ALL OF THEM ARE INVENTED: no hit rate per technique was ever published.

They are chosen so that the whole stays near what is public (about one search in a hundred positive in 2009;
most lorries not British; about half of the bodies out of reach of millimetre wave), and so that a duty
officer sees about a dozen alarms an hour at 900 lorries an hour, as alarm standards ask for.
"""

TRACTOR_COUNTRIES = {
    "PL": 17, "RO": 15, "GB": 11, "FR": 9, "ES": 8, "NL": 7, "LT": 7, "DE": 6, "BE": 5, "IT": 4, "BG": 4, "CZ": 3,
    "HU": 2, "IE": 2,
}  # fmt: skip
TRAILER_OF_TRACTORS_COUNTRY = 0.72

BODIES = {"soft": 45, "reefer": 20, "box": 15, "container": 12, "tank": 4, "flatbed": 3, "van": 1}

PERSONS_IN_LOAD = 0.006
CONTRABAND_IN_LOAD = 0.003
GAMMA_CARGO = 0.004
NEUTRON_SOURCE = 0.0003
MARK_TO_SHOW = 1 / 40

FALSE_SUSPICION = {"pmmw": 0.004, "heartbeat": 0.002, "co2": 0.003, "dog": 0.02, "xray": 0.02, "gamma": 0.02}
DETECTION = {
    "pmmw": 0.55,
    "heartbeat": 0.85,
    "co2": 0.7,
    "dog": 0.75,
    "xray": 0.8,
    "gamma": 0.7,
    "search": 0.97,
}
HEARTBEAT_UNSURE = 0.004
NOT_PERFORMED = 0.01

DOG_AT_RANDOM = 0.10
IMAGE_AT_RANDOM = 0.03
SEARCH_AT_RANDOM = 0.02
SEARCH_AFTER_SUSPICION = 0.9
MARK_GIVEN_IN_LANE = 0.5

PLATE_NOT_READ = 0.015
PLATE_MISREAD = 0.04
READ_TWICE = 0.3
"""How often a reader that follows a vehicle through the picture reports a corrected reading."""

SENT_TWICE = 0.01
SENT_LATE = 0.015
CUT_SHORT = 0.0003
STATUS_EVERY_SECONDS = 120
FAULT_EVERY_HOURS = 8.0
OUTAGE_EVERY_HOURS = 5.0
CLOCK_SKEWS_SECONDS = {0.0: 45, 0.4: 20, -0.6: 15, 1.3: 10, -1.1: 5, 3.5: 3, 48.0: 2}
"""Seconds that a device's clock runs ahead, with their weights; one in fifty has lost its time server."""

HEADWAY_SECONDS = (20.0, 28.0)
GOODS = (
    "ceramic tiles",
    "fresh produce",
    "timber",
    "paper",
    "car parts",
    "beer",
    "furniture",
    "flowers",
    "steel",
)
CONTRABAND = ("tobacco", "cigarettes", "cannabis resin", "cocaine", "counterfeit goods")
FAULTS = (
    "no signal from the sensor",
    "self-test failed",
    "link to the head lost",
    "out of calibration",
    "no power",
)

"""How long the centre waits before it does something by itself; every value is in the environment's gift."""

from jocc.settings.environment import env

#: The share of vehicles (per ten thousand) that is drawn at random for a search, so that rates mean something.
RANDOM_SEARCH_SHARE = env.int("JOCC_RANDOM_SEARCHES_PER_10000", 100) / 10_000
#: A stop that nobody has taken sounds again and escalates after so many seconds, and so on until it is taken.
STOP_ESCALATES_AFTER_S = env.int("JOCC_STOP_ESCALATES_AFTER_S", 20)
#: An alarm that nobody has acknowledged escalates to the supervisor after so many seconds, by its priority.
ALARM_ESCALATES_AFTER_S = {
    "high": env.int("JOCC_ALARM_ESCALATES_AFTER_HIGH_S", 120),
    "medium": env.int("JOCC_ALARM_ESCALATES_AFTER_MEDIUM_S", 600),
    "low": env.int("JOCC_ALARM_ESCALATES_AFTER_LOW_S", 3600),
}
#: A device that fails again within so many seconds after it recovered goes on with the same outage.
OUTAGE_REJOINS_WITHIN_S = env.int("JOCC_OUTAGE_REJOINS_WITHIN_S", 900)
#: A device that recovers and fails again within so many seconds makes one alarm, not two.
ALARM_HOLD_S = env.int("JOCC_ALARM_HOLD_S", 120)
#: From so many tests that failed within so many seconds on, a device's fault is of medium priority.
FAULTS_UNTIL_MEDIUM = env.int("JOCC_FAULTS_UNTIL_MEDIUM", 3)
FAULTS_WITHIN_S = env.int("JOCC_FAULTS_WITHIN_S", 600)
#: An alarm that came back so many times is shown as unsteady.
ALARM_UNSTEADY_AFTER = env.int("JOCC_ALARM_UNSTEADY_AFTER", 3)
#: A match or notice that no officer has verified expires after so many seconds.
MATCH_EXPIRES_AFTER_S = env.int("JOCC_MATCH_EXPIRES_AFTER_S", 24 * 3600)
#: A lookout lives so many days at most before its owner must renew it (a year, as a SIS check alert does).
LOOKOUT_MAX_DAYS = env.int("JOCC_LOOKOUT_MAX_DAYS", 366)

#: Checks by hand: per officer (or token), per agency, and by one agency for one and the same mark.
CHECK_BUDGET_OFFICER_PER_HOUR = env.int("JOCC_CHECK_BUDGET_OFFICER_PER_HOUR", 60)
CHECK_BUDGET_AGENCY_PER_HOUR = env.int("JOCC_CHECK_BUDGET_AGENCY_PER_HOUR", 600)
CHECK_BUDGET_MARK_PER_HOUR = env.int("JOCC_CHECK_BUDGET_MARK_PER_HOUR", 12)

#: The folder, outside the database, of the journal of ended rights; empty keeps none.
JOURNAL_DIR = env.str("JOCC_JOURNAL_DIR", "")

#: Requests for access by reference: per officer (or token) and per agency.
ACCESS_BUDGET_OFFICER_PER_HOUR = env.int("JOCC_ACCESS_BUDGET_OFFICER_PER_HOUR", 10)
ACCESS_BUDGET_AGENCY_PER_HOUR = env.int("JOCC_ACCESS_BUDGET_AGENCY_PER_HOUR", 60)

#: Pictures expire after so many days: those of cameras, and those of imaging systems (X-ray, gamma, millimetre waves).
IMAGE_DAYS_CAMERA = env.int("JOCC_IMAGE_DAYS_CAMERA", 30)
IMAGE_DAYS_IMAGING = env.int("JOCC_IMAGE_DAYS_IMAGING", 90)

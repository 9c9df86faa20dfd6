"""Lorries whose truth is known: which visit each event belongs to. It judges the joiner, so it shares no code with it.

Nothing here imports from scanning or intelligence, and only the standard library is used. `figures.py` holds every
assumption with its reason, `plates.py` how marks look and are misread, `lane.py` how lorries go through a lane,
`hour.py` what the devices report of that and when it reaches us.
"""

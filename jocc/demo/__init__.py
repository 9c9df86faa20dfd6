"""The demonstration world: invented people, equipment and lookouts at real places.

Everything here is invented except the agencies, the sites and their coordinates. No hit rate, no traffic
figure and no mark is taken from operation.
"""

"""From an OpenStreetMap extract to travel times, positions and a map.

Own road layer over customizable contraction hierarchies; it never guesses: what cannot be
reached is said to be unreachable.
"""

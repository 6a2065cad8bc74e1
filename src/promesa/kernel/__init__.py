"""Values every other package may use: positions, windows, clocks, ids, errors, seeds.

Standard library only. Nothing here knows what a parcel is.
"""

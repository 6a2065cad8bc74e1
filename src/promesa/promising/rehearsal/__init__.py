"""The rehearsal of a peak: days of a forecast that are promised and driven before they come."""

"""The rules a plan must keep, one file each, sharing nothing with what plans or times it."""

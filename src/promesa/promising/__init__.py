"""What can honestly be promised, and how surely it is kept."""

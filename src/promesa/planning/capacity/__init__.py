"""What a demand takes: vehicle-hours, vehicles, shifts and doors, for a stated share kept."""

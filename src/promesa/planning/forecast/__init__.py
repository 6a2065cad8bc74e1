"""How many parcels are coming, by series and day, with an interval that has been checked."""

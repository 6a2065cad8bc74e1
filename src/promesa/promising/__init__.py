"""What can honestly be promised. Offers priced by the capacity left will live here."""

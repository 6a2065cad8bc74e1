"""Where the fleet is: fixes filtered, progress, geofences, arrival estimates, snapshots."""

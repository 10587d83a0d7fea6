"""Pages of the zone's officers."""

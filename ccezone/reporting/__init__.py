"""The reporting chain (统计直报): what firms report of a period, what their parks compile and sign, what the zone accepts."""

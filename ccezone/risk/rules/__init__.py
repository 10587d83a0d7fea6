"""What a risk rule is, which traces it looks at, and the pure detectors of its kinds."""

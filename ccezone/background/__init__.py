"""Long work done in the background, with progress: uploads, exports, reports. It survives whoever does it."""

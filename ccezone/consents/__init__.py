"""What firms let banks see, for what and how long, every look that was taken, and what the bank decided (H5, I1)."""

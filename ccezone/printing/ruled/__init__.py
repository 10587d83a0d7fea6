"""Long tables, ruled and drawn by ourselves onto pages that WeasyPrint leaves free: tagged, in the same face, many times faster."""

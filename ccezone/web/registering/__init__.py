"""What the public, firms and the office share about registration: words, fields, and the pages that edit an application."""

"""What is generated from a message definition: schema file, form, data-standard page."""

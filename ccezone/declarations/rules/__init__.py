"""Pure rules of declaration lists: the life cycle, what a list is composed of, what it must satisfy before filing."""

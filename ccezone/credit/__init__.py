"""Credit of enterprises: evidence, score and grade, treatment, negative and red list, look-ups."""

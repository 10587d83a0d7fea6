"""Pure rules of credit: factors and their scales, the score of a day, measures, the course of a listing, visibility."""

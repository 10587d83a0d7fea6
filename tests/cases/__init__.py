"""Tests of cases and files."""

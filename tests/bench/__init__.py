"""Tests of benchmarks: that they would notice."""

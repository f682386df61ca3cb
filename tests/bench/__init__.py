"""Benchmarks of the engine on folders given by path; run by hand, never by pytest."""

"""Measures how fast the site is, as ratios to a bare Django in the same run: `make bench` (docs/performance.md)."""

"""How fast the site is, as ratios against a bare Django in the same run: `make bench` (docs/performance.md)."""

"""The ceiling: the same work done by plain Django alone, as fast as possible. The site is measured against it."""

"""The ceiling: the same work by nothing but Django, as plainly and as fast as it goes. The site is measured against it."""

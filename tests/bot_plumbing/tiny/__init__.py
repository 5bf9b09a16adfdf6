"""A bot just large enough to show what the plumbing does."""

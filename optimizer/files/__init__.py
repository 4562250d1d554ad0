"""The problem file: read, with the path of whatever is wrong in it."""

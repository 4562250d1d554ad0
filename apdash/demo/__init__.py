"""A fictional school, the same for the same seed, made through the same imports and commands as a real one."""


"""Branch and bound over warm linear relaxations."""

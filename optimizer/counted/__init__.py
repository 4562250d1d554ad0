"""The need model: groups counted by slot and need, and the way back to groups and students."""

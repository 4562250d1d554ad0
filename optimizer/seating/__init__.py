"""Students into decided groups by exchanges: somebody takes the seat of another, who takes the next one."""

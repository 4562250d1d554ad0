"""A fictional school, the same for the same seed, made through the same imports and commands as a real one."""

from apdash.demo.make import make_demo

__all__ = ["make_demo"]

"""Statements that are wrong or absurd, told as they are typed."""

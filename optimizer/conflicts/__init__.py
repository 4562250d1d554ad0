"""Why nothing is lawful: an irreducible set of statements, and the smallest loosening."""

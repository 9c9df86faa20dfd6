"""How the record is sealed: leaves, trees, blocks and signatures; pure, so that they can be proved by themselves."""

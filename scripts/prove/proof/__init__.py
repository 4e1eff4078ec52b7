"""Running programs against recorders: what the two runners and the comparison share."""

"""Personal data: what people ask for about theirs, and how it is carried out."""

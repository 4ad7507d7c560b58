"""The learner's folder: finding it, reading and writing it, scratch copies."""

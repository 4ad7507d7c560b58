"""What a learner tried and what it came to, kept in one SQLite file.

Other rooms use the `Progress` of `progress`, and the `records` that it returns. `store`
opens the file, `locks` keeps two programs apart, and `damage` sets the file aside when
it can't be read.
"""

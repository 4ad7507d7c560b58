"""The course on disk: its contents, its masters, its checks, what it pins.

Other rooms use `find.find_course`, the `Course` of `course`, the `Kata` and `Lesson` of
`curriculum`, the notebooks and cells of `master`, and `pins` for an exported service.
"""

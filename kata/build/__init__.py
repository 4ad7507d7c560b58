"""From the masters to everything that is derived from them.

Other rooms use `derive` (what the lessons and the service should hold) and
`execute.run_masters`. nbval takes its workspaces from `fresh`.
"""

"""Running a kata's checks in isolation, in one of several ways.

Other rooms use `choice.best_runner`, `shared.shared_warm_process`, and `report`, which
holds what every way of running is given and gives back. What runs inside the process
with the checks is in `child/`.
"""

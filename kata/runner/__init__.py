"""Running a kata's checks in isolation. `report` holds what every back end returns."""

"""Slips to plant in the exported service: its tests have to see each of them."""

BUGS = [
    # a file, what stands there, what a slip makes of it, the test that sees it
    ("tokens", "at + LIFETIME", "at + LIFETIME * 100", "test_a_token_expires"),
    (
        "parcels",
        "parcel is None or parcel.owner_id != account.id",
        "parcel is None",
        "test_somebody_elses_parcel_is_not_there",
    ),
    (
        "parcels",
        "Parcel.id > page.after",
        "Parcel.id >= page.after",
        "test_a_list_holds_ones_own_a_page_at_a_time",
    ),
    (
        "database",
        "foreign_keys = ON",
        "foreign_keys = OFF",
        "test_a_parcel_has_an_owner",
    ),
    (
        "accounts",
        "Account.id == account_id, Account.active",
        "Account.id == account_id",
        "test_a_closed_account_cannot_sign_in",
    ),
    (
        "store",
        "if await changes.version(parcel.id) != seen:",
        "if seen < 0:",
        "test_only_the_newest_version_may_be_changed",
    ),
    (
        "repository",
        ".options(joinedload(Change.account))",
        "",
        "test_a_history_names_everybody_in_one_query",
    ),
    (
        "operations",
        "Scan.id < before",
        "Scan.id <= before",
        "test_links_lead_through_a_depots_scans",
    ),
    (
        "database",
        ", hide_parameters=True",
        "",
        "test_an_error_keeps_the_values_to_itself",
    ),
    (
        "migrations/versions/r2_received_at",
        "UPDATE scans SET received_at = at",
        "UPDATE scans SET received_at = CURRENT_TIMESTAMP",
        "test_rows_stay_on_the_way_up_and_down",
    ),
    (
        "migrations/versions/r1_baseline",
        "index=True",
        "index=False",
        "test_revisions_make_what_the_classes_say",
    ),
    (
        "app",
        "elif not await connection.run_sync(is_newest):",
        "elif await connection.run_sync(is_newest) is None:",
        "test_production_starts_on_the_newest_tables_only",
    ),
    ("exports", "after = batch[-1].id", "after = batch[0].id", "test_batches_hold"),
    (
        "events",
        "Scan.id > self._newest - LOOK_BACK",
        "Scan.id > self._newest",
        "test_a_scan_that_is_kept_late_is_still_found",
    ),
    (
        "limits",
        'if scope["type"] != "http" or scope["path"] == "/health":',
        'if scope["type"] != "http":',
        "test_who_asks_too_often_is_told_when_to_come_back",
    ),
    (
        "api",
        "[*GUARDED, Depends(events.watch)]",
        "GUARDED",
        "test_an_account_has_only_so_many_streams",
    ),
    (
        "forms",
        "env_ignore_empty=True",
        "env_ignore_empty=False",
        "test_an_empty_variable_is_no_folder",
    ),
    (
        "forms",
        "path.is_relative_to(folder.resolve()) and path.is_file()",
        "path.is_file()",
        "test_a_name_that_is_no_form_is_not_there",
    ),
    (
        "rates",
        "-(-parcel.weight_g // 1000)",
        "parcel.weight_g // 1000",
        "test_every_kilo",
    ),
    (
        "app",
        'if settings.environment == "development" else None',
        "",
        "test_production_shows_no_docs",
    ),
    (
        "carriers",
        "            response.raise_for_status()\n",
        "",
        "test_a_bad_answer_is_an_error_that_repeats_nothing",
    ),
    (
        "quotes",
        '== {"late"}',
        '>= {"late"}',
        "test_a_part_is_an_answer_and_nothing_is_an_error",
    ),
    ("tables", "value.astimezone(UTC)", "value", "test_times_and_amounts_come_back"),
]

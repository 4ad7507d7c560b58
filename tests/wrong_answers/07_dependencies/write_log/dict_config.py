#| kata: dependencies.write_log
#| refused_by: test_others_stay_as_they_are
# dictConfig disables every other logger that is there already.
import logging
import logging.config


@asynccontextmanager
async def write_log(_app: FastAPI) -> AsyncIterator[None]:
    """Write Waybill's log to the terminal while it serves, unless others do."""
    log = logging.getLogger("waybill")
    if log.hasHandlers():
        yield
        return
    before = log.level
    logging.config.dictConfig(
        {
            "version": 1,
            "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(message)s"}},
            "handlers": {
                "terminal": {"class": "logging.StreamHandler", "formatter": "line"}
            },
            "loggers": {"waybill": {"level": "INFO", "handlers": ["terminal"]}},
        }
    )
    (handler,) = log.handlers
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(before)


resources.append(write_log)

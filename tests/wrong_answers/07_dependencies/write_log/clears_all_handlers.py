#| kata: dependencies.write_log
#| refused_by: test_a_handler_of_somebody_elses_stays
# A handler that somebody else added meanwhile isn't Waybill's to take away.
import logging


@asynccontextmanager
async def write_log(_app: FastAPI) -> AsyncIterator[None]:
    """Write Waybill's log to the terminal while it serves, unless others do."""
    log = logging.getLogger("waybill")
    if log.hasHandlers():
        yield
        return
    level = log.level
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.handlers.clear()
        log.setLevel(level)


resources.append(write_log)

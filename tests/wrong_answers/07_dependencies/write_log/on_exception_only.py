#| kata: dependencies.write_log
#| refused_by: test_all_is_as_before
# A start that is cancelled leaves handler and level behind.
import logging


@asynccontextmanager
async def write_log(_app: FastAPI) -> AsyncIterator[None]:
    """Write Waybill's log to the terminal while it serves, unless others do."""
    log = logging.getLogger("waybill")
    if log.hasHandlers():
        yield
        return
    before = log.level
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield
    except Exception:
        log.removeHandler(handler)
        log.setLevel(before)
        raise
    else:
        log.removeHandler(handler)
        log.setLevel(before)


resources.append(write_log)

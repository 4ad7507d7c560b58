#| kata: dependencies.write_log
#| refused_by: test_all_is_as_before
# An app that is started again writes nothing.
import logging


@asynccontextmanager
async def write_log(_app: FastAPI) -> AsyncIterator[None]:
    """Write Waybill's log to the terminal while it serves, unless others do."""
    log = logging.getLogger("waybill")
    if log.hasHandlers() or getattr(_app.state, "logs", False):
        yield
        return
    level = log.level
    _app.state.logs = True
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.setLevel(level)
        log.removeHandler(handler)


resources.append(write_log)

#| kata: dependencies.write_log
#| refused_by: test_a_line_says_when_and_how_serious
# No Formatter: the line is the message, without time and level.
import logging


@asynccontextmanager
async def write_log(_app: FastAPI) -> AsyncIterator[None]:
    """Write Waybill's log to the terminal while it serves, unless others do."""
    log = logging.getLogger("waybill")
    if log.hasHandlers():  # whoever set them up has chosen what is written, and where
        yield
        return
    handler = logging.StreamHandler()
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(level)


resources.append(write_log)

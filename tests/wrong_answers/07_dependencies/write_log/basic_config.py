#| kata: dependencies.write_log
#| refused_by: test_no_line_is_written_twice
# The root logger is set up, and the level changes under those who had set it up before.
import logging


@asynccontextmanager
async def write_log(_app: FastAPI) -> AsyncIterator[None]:
    """Write Waybill's log to the terminal while it serves, unless others do."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("waybill").setLevel(logging.INFO)
    yield

resources.append(write_log)

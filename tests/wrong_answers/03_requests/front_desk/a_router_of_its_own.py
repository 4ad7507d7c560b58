#| kata: requests.front_desk
#| refused_by: test_rates_are_answered
# Includes an empty router of the same name.
from fastapi import APIRouter

router = APIRouter(prefix="/rates")
app.include_router(router)

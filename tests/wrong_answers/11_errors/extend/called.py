#| kata: errors.extend
#| refused_by: test_every_waybill_answers_with_problems
# Calls the function with an app that nobody uses.
from waybill.problems import answer_problems

from fastapi import FastAPI

answer_problems(FastAPI())

#| kata: deploy.image
#| refused_by: test_it_says_how_to_ask_whether_it_is_alive
# A slim image has no curl.
r"""
FROM python:3.13-slim AS build
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir -r requirements.txt

FROM python:3.13-slim
ENV PATH="/venv/bin:$PATH" PYTHONUNBUFFERED=1 WAYBILL_HOST=0.0.0.0
WORKDIR /srv
COPY --from=build /venv /venv
COPY waybill ./waybill
USER 10001
EXPOSE 8000
HEALTHCHECK CMD curl --fail http://127.0.0.1:8000/health
CMD ["python", "-m", "waybill.serve"]
"""

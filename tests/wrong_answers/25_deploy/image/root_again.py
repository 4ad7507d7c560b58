#| kata: deploy.image
#| refused_by: test_it_does_not_run_as_root
# Is root again at the end.
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
USER root
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health', timeout=2)"]
CMD ["python", "-m", "waybill.serve"]
"""

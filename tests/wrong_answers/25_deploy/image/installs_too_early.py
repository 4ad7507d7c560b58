#| kata: deploy.image
#| refused_by: test_requirements_come_before_the_code
# Installs before the list is there.
r"""
FROM python:3.13-slim AS build
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir -r requirements.txt
COPY requirements.txt .

FROM python:3.13-slim
ENV PATH="/venv/bin:$PATH" PYTHONUNBUFFERED=1 WAYBILL_HOST=0.0.0.0
WORKDIR /srv
COPY --from=build /venv /venv
COPY waybill ./waybill
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health', timeout=2)"]
CMD ["python", "-m", "waybill.serve"]
"""

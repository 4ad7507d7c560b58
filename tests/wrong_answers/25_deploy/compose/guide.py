#| kata: deploy.compose
#| refused_by: test_one_step_migrates
# Has nothing that migrates.
r"""
services:
  waybill:
    build: .
    ports:
      - "127.0.0.1:8000:8000"
    env_file: .env # every other variable that Waybill reads; those below win
    environment:
      WAYBILL_ENVIRONMENT: production
      WAYBILL_SECRET_KEY: change-me-in-production
      WAYBILL_DATABASE_URL: postgresql+asyncpg://waybill:waybill@database/waybill
      WAYBILL_REDIS_URL: redis://redis
    depends_on:
      - database
      - redis

  worker: # sends letters (lesson 18)
    build: .
    command: ["python", "-m", "waybill.worker"]
    restart: unless-stopped
    env_file: .env
    environment:
      WAYBILL_DATABASE_URL: postgresql+asyncpg://waybill:waybill@database/waybill
      WAYBILL_MAIL_HOST: ${WAYBILL_MAIL_HOST:?is missing}
    healthcheck: {disable: true} # it answers no requests
    depends_on:
      - database

  database:
    image: postgres
    ports:
      - "5432:5432"
    environment:
      POSTGRES_USER: waybill
      POSTGRES_DB: waybill
      POSTGRES_PASSWORD: waybill

  redis:
    image: redis:7
    restart: unless-stopped
    healthcheck:
      test: ["CMD", "redis-cli", "ping"]
      interval: 5s
"""

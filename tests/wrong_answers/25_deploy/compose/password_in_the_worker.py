#| kata: deploy.compose
#| refused_by: test_secrets_come_from_outside
# The worker's address still has the old password.
r"""
services:
  waybill:
    build: .
    restart: unless-stopped
    ports:
      - "127.0.0.1:8000:8000"
    env_file: .env # every other variable that Waybill reads; those below win
    environment:
      WAYBILL_ENVIRONMENT: production
      WAYBILL_SECRET_KEY: ${WAYBILL_SECRET_KEY:?is missing}
      WAYBILL_DATABASE_URL: postgresql+asyncpg://waybill:${POSTGRES_PASSWORD:?is missing}@database/waybill
      WAYBILL_REDIS_URL: redis://redis
    depends_on:
      migrate:
        condition: service_completed_successfully
      database:
        condition: service_healthy
      redis:
        condition: service_healthy

  migrate:
    build: .
    command: ["python", "-m", "waybill.migrate"]
    environment:
      WAYBILL_DATABASE_URL: postgresql+asyncpg://waybill:${POSTGRES_PASSWORD:?is missing}@database/waybill
    depends_on:
      database:
        condition: service_healthy

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
      migrate:
        condition: service_completed_successfully

  database:
    image: postgres:17
    restart: unless-stopped
    environment:
      POSTGRES_USER: waybill
      POSTGRES_DB: waybill
      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?is missing}
    volumes:
      - database:/var/lib/postgresql/data
    healthcheck:
      test: ["CMD", "pg_isready", "--username", "waybill", "--dbname", "waybill"]
      interval: 5s

  redis:
    image: redis:7
    restart: unless-stopped
    healthcheck:
      test: ["CMD", "redis-cli", "ping"]
      interval: 5s

volumes:
  database:
"""

#| kata: background.tables
#| refused_by: test_the_rest_stays
# A new job would never be taken.
from sqlalchemy import Index


class Job(Base):
    """Something to do after an answer; a job that is done has no row."""

    __tablename__ = "jobs"
    __table_args__ = ({"sqlite_autoincrement": True},)  # an id is given once

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    payload: Mapped[dict[str, int]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(7), default="new")
    attempts: Mapped[int] = mapped_column(default=0)
    run_at: Mapped[datetime] = mapped_column(Moment, default=now)
    last_error: Mapped[str | None] = mapped_column(String(100))


Index("ix_jobs_state_run_at_id", Job.state, Job.run_at, Job.id)

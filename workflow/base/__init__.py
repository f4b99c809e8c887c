"""What every room stands on: database, unit of work, events, jobs, registries, clock, actor, errors, files."""

"""What touches the world: the database, the disk, providers. Only `core.app` builds these."""

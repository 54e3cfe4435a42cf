"""One small file for each provider that has a road of its own, behind the port `ImageModel`."""

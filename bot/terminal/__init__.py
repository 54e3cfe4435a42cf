"""The terminal front end. Importing a command is cheap; what works is imported when it runs."""

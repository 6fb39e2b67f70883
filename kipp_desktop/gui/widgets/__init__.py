"""The house's own widgets: each has a spoken name and follows theme, language and text size."""

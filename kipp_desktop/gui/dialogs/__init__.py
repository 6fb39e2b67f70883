"""The dialogs of the window: one module a dialog, its form beside the pages' in ``ui/``."""

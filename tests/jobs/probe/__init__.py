"""An app that only the tests install: tasks that leave traces, for workers that are killed."""

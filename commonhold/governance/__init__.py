"""Bodies, meetings, papers, comments, minutes, resolutions, actions, updates due."""

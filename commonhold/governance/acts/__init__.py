"""Every change to bodies, meetings, papers, minutes and actions."""

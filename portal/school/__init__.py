"""The school itself: classes, pupils, guardians, class teams, representatives, and its roster from files."""

"""Pages of service teams: teams, members, leave."""

"""Campaigns: the list, one campaign, a new one, and the form builder."""

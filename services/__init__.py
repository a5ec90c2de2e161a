"""Use cases: one public function is one permission check and one transaction."""

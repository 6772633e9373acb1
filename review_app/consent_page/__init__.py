"""The public consent page: what someone in a film is shown, by code and without an account."""

"""Keys, sealed fields, blind indexes; never knows what they hide. `from vault import keys, blind, fields`."""

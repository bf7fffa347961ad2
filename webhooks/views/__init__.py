"""The pages of the settings for programs: tokens, endpoints, and their deliveries."""

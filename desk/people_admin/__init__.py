"""The staff of the clinic, as the settings show and change it: who they are (accounts) and where they work (practice)."""

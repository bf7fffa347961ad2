"""The staff's pages of the clinical record. They parse and answer; what happens is decided in the actions."""

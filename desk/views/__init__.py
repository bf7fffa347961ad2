"""The desk's views, one module per section. They parse and answer; what happens is decided on the floors below."""

"""Treatment plans: what is written in one, the words it is offered in, and how far it has come."""

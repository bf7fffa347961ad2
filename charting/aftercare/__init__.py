"""What patients are told to do after a treatment: the clinic's texts, and giving them out after a visit."""

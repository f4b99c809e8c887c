"""The programme of a visit: what happens when and where, who receives, who is responsible, who interprets."""

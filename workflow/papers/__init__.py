"""Documents made, numbered and kept: wordings, letters, their life from draft to sent, and their verification."""

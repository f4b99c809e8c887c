"""Due things and who is told of them: rows kept by sources, re-checked when told, one digest a day for each person."""

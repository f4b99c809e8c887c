"""A partner's list of members on its way in: read, judged, corrected, compared, entered at once or not at all."""

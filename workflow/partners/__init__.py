"""Cities and bodies that we work with: cards, people, agreements, associations, awards, figures."""

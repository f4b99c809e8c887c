"""What each role sees first: the desks, the board of visits, the month and the week, search."""

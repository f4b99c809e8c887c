"""Case forms that a person has confirmed or corrected: of persons' names, posts, cities. They win over proposals."""

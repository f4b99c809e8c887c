"""What a visit needs beside its programme: money, beds, gifts, flights and cars, and what papers must say of them."""

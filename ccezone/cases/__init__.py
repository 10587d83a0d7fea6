"""Exception cases: something that a person must look at, with its clock, owner and closing cause."""

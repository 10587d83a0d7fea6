"""One definition per official message; wire names stop here."""

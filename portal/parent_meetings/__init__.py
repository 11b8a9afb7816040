"""Parent meetings (forældremøder): the class team calls one, and it shows the school's fixed material for the year."""

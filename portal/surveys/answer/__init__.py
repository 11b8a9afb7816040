"""Answering with a slip, on the school's devices: nobody is signed in, and the device forgets."""

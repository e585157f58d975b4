//! Whose account it is, and what is connected to it.

//! Pages on which somebody else picks the time.

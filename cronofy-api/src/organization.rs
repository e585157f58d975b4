//! The people and rooms of an organizational unit.

//! Calls that an application makes for itself.

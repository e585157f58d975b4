//! Events that others register for (beta).

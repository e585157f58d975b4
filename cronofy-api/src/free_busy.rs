//! When an account is busy, without a word of what it does.

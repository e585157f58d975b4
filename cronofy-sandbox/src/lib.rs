//! A local Cronofy: every authorization flow over real HTTP, without an account.

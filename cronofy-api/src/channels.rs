//! Push notification channels.

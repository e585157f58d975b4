//! When people have time, and the periods and rules that say when they may be booked.

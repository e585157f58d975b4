//! Drives Cronofy authorization over hyper: asynchronous, with production defaults.

//! Drives Cronofy authorization over ureq: blocking, with production defaults and no async runtime.

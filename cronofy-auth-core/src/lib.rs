//! Sans-IO state machines for every way of being authorized by Cronofy.

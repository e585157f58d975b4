
//! What only the inside can show: a disk that fails, and a process that dies.

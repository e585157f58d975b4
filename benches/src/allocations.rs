//! Counts what is allocated: a global allocator for every program that links this crate.
#![allow(
    unsafe_code,
    reason = "`GlobalAlloc` is an unsafe trait; every call is handed on to `System` as it came"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

#[global_allocator]
static COUNTING: Counting = Counting;

thread_local! {
    // For each thread, so that the loopback server's do not count; and it is one plain instruction.
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

/// How many allocations this thread has made. Growing one counts as another.
pub fn so_far() -> u64 {
    COUNT.get()
}

struct Counting;

// SAFETY: every method hands its arguments on to `System`, and counting neither allocates nor unwinds: the
// counter is a constant-initialised `Cell` without a destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: the caller keeps the contract of `alloc_zeroed`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: the caller keeps the contract of `realloc`.
        unsafe { System.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

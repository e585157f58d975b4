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
    static HELD: Cell<isize> = const { Cell::new(0) };
}

/// How many allocations this thread has made. Growing one counts as another.
pub fn so_far() -> u64 {
    COUNT.get()
}

/// How many bytes more this thread has asked for than it has given back. Less than nothing where it gives back what
/// others asked for.
pub fn held() -> isize {
    HELD.get()
}

fn count(size: usize) {
    COUNT.set(COUNT.get() + 1);
    hold(size.cast_signed());
}

fn hold(bytes: isize) {
    HELD.set(HELD.get().wrapping_add(bytes));
}

struct Counting;

// SAFETY: every method hands its arguments on to `System`, and counting neither allocates nor unwinds: the
// counters are constant-initialised `Cell`s without a destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller keeps the contract of `alloc_zeroed`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size);
        hold(-layout.size().cast_signed());
        // SAFETY: the caller keeps the contract of `realloc`.
        unsafe { System.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        hold(-layout.size().cast_signed());
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

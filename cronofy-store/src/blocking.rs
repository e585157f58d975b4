//! One loop for both kinds of callers: what waits for a blocking transport waits in `poll`, on a thread that may.

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll};
use core::time::Duration;
use std::sync::Arc;
use std::task::Wake;
use std::thread::{self, Thread};

use bytes::Bytes;
use cronofy_auth_core::{BlockingTransport, Body, Transport};
use cronofy_types::Timestamp;

/// A blocking transport as an asynchronous one, for [`block_on`] and no runtime: its futures block.
#[derive(Debug, Clone)]
pub struct Blocking<T>(pub T);

impl<T: BlockingTransport + Sync> Transport for Blocking<T> {
    type Error = T::Error;

    async fn send(&self, request: http::Request<Body>) -> Result<http::Response<Bytes>, T::Error> {
        self.0.send(request)
    }

    async fn sleep(&self, duration: Duration) {
        self.0.sleep(duration);
    }

    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

/// Waits for a future on this thread: for those of this crate, which need no runtime.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Arc::new(Parked(thread::current())).into();
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

struct Parked(Thread);

impl Wake for Parked {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

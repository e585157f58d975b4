//! Work that goes on without whoever asked for it.

use core::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Background, TokenManager};

/// How much of it is under way, and who waits for its end.
#[derive(Default)]
pub(super) struct Works(Mutex<State>);

#[derive(Default)]
struct State {
    under_way: usize,
    waiting: Vec<oneshot::Sender<()>>,
}

impl Works {
    pub(super) async fn settled(&self) {
        let settled = {
            let mut state = self.lock();
            if state.under_way == 0 {
                return;
            }
            let (sender, receiver) = oneshot::async_channel();
            state.waiting.push(sender);
            receiver
        };
        // Told, or dropped with the last work: it is over either way.
        let _ = settled.await;
    }

    fn begin(this: &Arc<Self>) -> UnderWay {
        this.lock().under_way += 1;
        UnderWay(Arc::clone(this))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts while it lives, even where the work panics or is dropped.
struct UnderWay(Arc<Works>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.under_way -= 1;
        if state.under_way == 0 {
            for waiting in state.waiting.drain(..) {
                // Whoever waited may have gone away.
                let _ = waiting.send(());
            }
        }
    }
}

impl<T: Background> TokenManager<T> {
    /// Carries `work` out whether or not anybody waits.
    pub(super) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let under_way = Works::begin(&self.0.works);
        self.0.transport.spawn(Box::pin(async move {
            let _under_way = under_way;
            work.await;
        }));
    }

    /// The same, and waits for what comes of it. Nothing comes of it where it panicked or was not carried out.
    pub(super) async fn detached<R: Send + 'static>(
        &self,
        work: impl Future<Output = R> + Send + 'static,
    ) -> Option<R> {
        let (sender, receiver) = oneshot::async_channel();
        self.spawn(async move {
            // Whoever waited may have gone away.
            let _ = sender.send(work.await);
        });
        receiver.await.ok()
    }
}

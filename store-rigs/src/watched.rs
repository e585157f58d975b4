//! A store whose questions are points where a process can die or stop, and which tells what becomes of new tokens.

use std::sync::{Arc, Mutex};

use cronofy_store::decide::grant::{Command, Reply};
use cronofy_store::store::{Answer, Ask, Store, Told, ask_blocking};
use rustix::process::{Signal, getpid, kill_process};

use crate::chance::Chance;
use crate::orders::Said;
use crate::points::question;
use crate::work::say;

pub(crate) struct Watched {
    store: Arc<dyn Store>,
    stops: Option<Mutex<Chance>>,
}

impl Watched {
    pub(crate) fn new(store: Arc<dyn Store>, stops: Option<u64>) -> Self {
        Self { store, stops: stops.map(|seed| Mutex::new(Chance::new(seed))) }
    }

    /// Now and then the process stops until somebody lets it go on.
    fn may_stop(&self) {
        let Some(chance) = &self.stops else { return };
        if chance.lock().unwrap().one_in(6) {
            say(&Said::Stops);
            kill_process(getpid(), Signal::STOP).unwrap();
        }
    }
}

impl Store for Watched {
    fn submit(&self, ask: Ask, answer: Answer) {
        let brings = match &ask {
            Ask::Decide(id, Command::Complete { tokens, .. }) => Some((id.clone(), tokens.received_at)),
            _ => None,
        };
        if brings.is_some() {
            self.may_stop();
        }
        question();
        let told = ask_blocking(&*self.store, ask);
        question();
        if let (Some(_), Some((id, received_at))) = (&self.stops, brings) {
            let subject = id.subject.as_str().to_owned();
            match &told {
                Ok(Told::Decided(Reply::Written { generation })) => {
                    say(&Said::Written { subject, generation: *generation, received_at });
                }
                Ok(Told::Decided(Reply::Stale)) => say(&Said::Stale(subject)),
                _ => {}
            }
        }
        answer.tell(told);
    }
}

//! A store under observation: which tokens lie in it, after every question.

use std::sync::{Arc, Mutex};

use cronofy_store::Store;
use cronofy_store::store::{Answer, Ask, Told, ask_blocking};

use crate::faulty::Faulty;

type Pair = (String, String);

pub(crate) struct Pairs {
    store: Faulty,
    seen: Mutex<Vec<Pair>>,
}

impl Pairs {
    pub(crate) fn of(store: &Faulty) -> Arc<Self> {
        Arc::new(Self { store: store.clone(), seen: Mutex::default() })
    }

    /// Every access token that was there, and the refresh token that was there with it.
    pub(crate) fn seen(&self) -> Vec<Pair> {
        self.seen.lock().unwrap().clone()
    }
}

impl Store for Pairs {
    fn submit(&self, ask: Ask, answer: Answer) {
        let told = ask_blocking(&self.store, ask);
        let kept = ask_blocking(&self.store, Ask::Grants { after: None, limit: 10 }).unwrap();
        let Told::Grants(grants) = kept else { panic!("{kept:?}") };
        let tokens = grants.iter().filter_map(|grant| grant.tokens.as_deref());
        let pairs = tokens.map(|tokens| {
            let refresh = tokens.refresh_token.as_ref().map_or("", |token| token.expose());
            (tokens.access_token.expose().to_owned(), refresh.to_owned())
        });
        self.seen.lock().unwrap().extend(pairs);
        answer.tell(told);
    }
}

//! Hosts that nobody answers at.

use std::collections::BTreeSet;
use std::sync::Mutex;

use reqwest::Url;

/// Places where no connection came about in all the attempts of a request. A run has many questions
/// for one place: only the first waits for it to come up, the others ask once and tell.
#[derive(Default)]
pub(super) struct Gone(Mutex<BTreeSet<String>>);

impl Gone {
    /// How often a request to `url` is attempted, where `usual` is what others get.
    pub(super) fn attempts(&self, url: &Url, usual: u32) -> u32 {
        let is_gone = self.0.lock().is_ok_and(|gone| gone.contains(&place(url)));
        if is_gone { 1 } else { usual }
    }

    /// Notes how a request ended.
    pub(super) fn note(&self, url: &Url, unreached: bool) {
        if let Ok(mut gone) = self.0.lock() {
            match unreached {
                true => gone.insert(place(url)),
                false => gone.remove(&place(url)),
            };
        }
    }
}

fn place(url: &Url) -> String {
    url.origin().ascii_serialization()
}

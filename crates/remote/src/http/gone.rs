//! Places that nobody answers at.

use std::collections::BTreeSet;
use std::sync::Mutex;

use reqwest::Url;

use super::fault::Fault;

/// Places where no connection came about in all the attempts of a request. A run has many questions
/// for one place: only the first waits for it to come up, the others ask once and tell. Whatever
/// else goes wrong there is put up with as anywhere.
#[derive(Default)]
pub(super) struct Gone(pub(super) Mutex<BTreeSet<String>>);

impl Gone {
    /// Whether the fault is of a place that was waited for already.
    pub(super) fn holds(&self, fault: &Fault) -> bool {
        let Some(place) = &fault.unreached else { return false };
        self.0.lock().is_ok_and(|gone| gone.contains(place))
    }

    /// Notes the last fault of a request.
    pub(super) fn note(&self, fault: &Fault) {
        if let (Some(place), Ok(mut gone)) = (&fault.unreached, self.0.lock()) {
            gone.insert(place.clone());
        }
    }

    /// Notes that a place answered.
    pub(super) fn came_back(&self, url: &Url) {
        if let Ok(mut gone) = self.0.lock() {
            gone.remove(&place(url));
        }
    }
}

/// What an address has before its path.
pub(super) fn place(url: &Url) -> String {
    url.origin().ascii_serialization()
}
